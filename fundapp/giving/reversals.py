"""What giving asks of lines of a bank statement: that a reversed payment is matched no longer, and
whether the bank has shown gifts or a refund.

Lines belong to a package above this one. It puts the functions into the application's extensions
under `RELEASE`, `SEEN_IN_BANK` and `SHOWN_BY_BANK`.
"""

from collections.abc import Collection
from datetime import date

from flask import current_app

from fundapp.access.actors import Actor
from fundapp.remarks.models import Remark

#: Where the application keeps the functions; their parameters are those of the ones below.
RELEASE = "release_line_of_payment"
SEEN_IN_BANK = "day_of_entry_in_bank"
SHOWN_BY_BANK = "payments_shown_by_bank"


def release_line(payment_public_id: str, *, reason: Remark, actor: Actor) -> None:
    """Undo the match of a payment, if there is one, so that its line waits again."""
    current_app.extensions[RELEASE](payment_public_id, reason=reason, actor=actor)


def find_day_in_bank(entry_id: int) -> date | None:
    """The day of the line of the bank that an entry is matched with; None without one."""
    day: date | None = current_app.extensions[SEEN_IN_BANK](entry_id)
    return day


def find_shown_by_bank(public_ids: Collection[str]) -> set[str]:
    """Which of the payments with these public ids are matched with a line of the bank."""
    shown: set[str] = current_app.extensions[SHOWN_BY_BANK](public_ids) if public_ids else set()
    return shown
