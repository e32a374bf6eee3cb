"""What a reversed payment undoes outside of giving: the match with its line of a bank statement.

Lines belong to a package above this one. It puts the function that undoes the match into the
application's extensions under `RELEASE`.
"""

from flask import current_app

from fundapp.access.actors import Actor
from fundapp.remarks.models import Remark

#: Where the application keeps the function; its parameters are those of `release_line`.
RELEASE = "release_line_of_payment"


def release_line(payment_public_id: str, *, reason: Remark, actor: Actor) -> None:
    """Undo the match of a payment, if there is one, so that its line waits again."""
    current_app.extensions[RELEASE](payment_public_id, reason=reason, actor=actor)
