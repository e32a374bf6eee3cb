"""A month is closed with one blocker solved on the way, and nobody opens it again alone: what the
officer, two administrators and the auditor see, over HTTP.
"""

from datetime import date

import pytest

from fundapp.access.permissions import Role
from fundapp.db import db
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.errors import PeriodClosedError
from fundapp.ledger.log.batches import seal_everything
from fundapp.ledger.models import Period, PeriodReopening
from tests.factories.actors import COMMAND_LINE
from tests.factories.banking import import_moves, interest, make_bank_account
from tests.factories.books import make_fund, make_gift, make_reversal
from tests.factories.identity import make_user

OCTOBER = date(2026, 10, 1)
MONTH = "/audit/periods/2026-10-01"


@pytest.fixture
def people(fund_app, session, clock, browser):
    """A bank account whose statement of October has a line that nobody has dealt with."""
    make_fund()
    make_bank_account()
    gift = make_gift(1_000_000, on=OCTOBER)
    import_moves(interest(700, day=date(2026, 10, 28)), from_on=OCTOBER, to_on=date(2026, 10, 31))
    seal_everything(actor=COMMAND_LINE)
    found = {"gift": gift}
    for name, role in (
        ("officer", Role.FUND_OFFICER), ("first", Role.ADMINISTRATOR),
        ("second", Role.ADMINISTRATOR), ("auditor", Role.AUDITOR),
    ):  # fmt: skip
        found[name] = browser()
        found[name].sign_in(make_user(role).email)
    return found


def test_a_month_is_closed_and_opened_again_by_two(people):
    close_it(people)
    correct_it(people)
    open_it_again(people)


def close_it(people):
    officer = people["officer"]
    page = officer.open("/audit/periods")
    page = officer.open(page.link("October 2026"))
    page.says("1 item blocks the closing", "Bank lines that are not dealt with", "Blocks")
    assert not page.offers("/close")
    # Who sends the form all the same is refused.
    months = officer.open("/settings/months?year=2570")
    months = officer.send(months, "/settings/months/2026-10-01/close")
    months.says("This month cannot be closed yet. Items that block it: 1.")
    rows = officer.open(page.link("Bank lines that are not dealt with"))
    rows.says("KTB-MAIN", "7.00")
    line = officer.open(rows.link("KTB-MAIN"))
    officer.send(line, "/charge")
    seal_everything(actor=COMMAND_LINE)
    page = officer.open(MONTH)
    page.says("Nothing blocks the closing of this month.")
    page = officer.send(page, "/settings/months/2026-10-01/close")
    page.says("Proposed. It holds when an administrator confirms it.")
    people["first"].send(people["first"].open(page.url), "/confirm").says("It is confirmed")
    people["auditor"].open(MONTH).says("Closed on")


def correct_it(people):
    """What belongs to the closed month is booked in the open one, and each leads to the other."""
    gift = people["gift"]
    with pytest.raises(PeriodClosedError):
        make_reversal(gift, on=OCTOBER)
    later = make_reversal(gift, on=date(2026, 11, 20))
    month = people["auditor"].open(MONTH)
    month.says("Corrected later", entry_number(gift.id))
    entry = people["auditor"].open(month.link(entry_number(later.id)))
    entry.says("This entry reverses another.")
    first = people["auditor"].open(entry.link(entry_number(gift.id)))
    first.says("This entry has been reversed.")
    people["auditor"].open(first.link("October 2026")).says("Corrected later")


def open_it_again(people):
    first, second = people["first"], people["second"]
    page = first.open(first.open(MONTH).link("Open it again"))
    page = first.send(page, "/reopen", reason="late_paper")
    assert not page.offers("/confirm")
    alone = first.client.post(f"{page.url}/confirm")
    assert alone.status_code in (400, 409, 422)
    assert not db.session.scalars(db.select(PeriodReopening)).all()
    assert db.session.get_one(Period, OCTOBER).closed_at is not None
    second.send(second.open(page.url), "/confirm").says("It is confirmed")
    people["auditor"].open(MONTH).says("Opened again", "A paper of that month came late")
    db.session.rollback()
    assert db.session.get_one(Period, OCTOBER).is_open
