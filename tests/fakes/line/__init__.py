"""LINE for practice: the interface that pushes messages, what it tells by webhook, and pages on
which its people follow, block and write to the fund's account.

Strict: unknown parameters, a wrong token and a message that LINE would refuse are refused, and the
same retry key is one message. ``python -m tests.fakes.line --port N`` serves it.
"""

from tests.fakes.line.server import FakeLine

__all__ = ["FakeLine"]
