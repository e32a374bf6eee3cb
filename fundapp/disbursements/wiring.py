"""Sets money out up: what `children` asks of it."""

from flask import Flask

from fundapp.children.withdrawals import TELL
from fundapp.disbursements.operations import tell_of_withdrawal


def init_app(app: Flask) -> None:
    """Let `children`, which may not import this package, tell of a withdrawn consent."""
    app.extensions[TELL] = tell_of_withdrawal
