"""Donors are written to about what they gave in a year, once."""

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.giving import emails
from fundapp.giving.locking import lock_donor
from fundapp.giving.models import YearMessage
from fundapp.giving.receipts.statements import get_donor_statement
from fundapp.giving.reminders.policy import may_remind
from fundapp.mail.operations import queue_message


def tell_year(donor_public_id: str, year: int, *, actor: Actor) -> bool:
    """Write to a donor what was given in a year (B.E.), with what was merged into the file; whether
    a message goes out: not without a receipt, a second time, or to whom no way leads. Raises
    ForbiddenError, NotFoundError.
    """
    require(may_remind(actor))
    donor = lock_donor(donor_public_id)
    statement = get_donor_statement(donor_public_id, year)
    is_told = db.session.get(YearMessage, (donor.id, year)) is not None
    if is_told or not statement.receipts:
        return False
    if not queue_message(emails.year_given(statement, donor), actor=actor):
        return False
    db.session.add(YearMessage(donor_id=donor.id, year=year, queued_at=clock.now()))
    db.session.flush()
    return True
