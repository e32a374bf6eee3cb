"""An exception that somebody looked at, committed at once by its operation."""

from datetime import timedelta

from fundapp import clock
from fundapp.audit.exceptions.models import Dismissal
from fundapp.audit.exceptions.operations import dismiss_exception
from fundapp.audit.exceptions.queries import SeenDays
from fundapp.db import unit_of_work
from fundapp.ledger.drafts import entry_number
from tests.factories.actors import AUDITOR
from tests.factories.books import make_approval, make_fund, make_gift


def make_dismissal() -> Dismissal:
    """Of a round sum of a fund of its own."""
    make_fund("ROUND", position=90)
    today = clock.today()
    make_gift(2_000_000, "ROUND", on=today)
    approval = make_approval(2_000_000, "ROUND", on=today)
    days = SeenDays(today - timedelta(days=1), today, 1_000_000)
    key = entry_number(approval.id)
    return unit_of_work(dismiss_exception, "round", key, "A fixed rate", among=days, actor=AUDITOR)
