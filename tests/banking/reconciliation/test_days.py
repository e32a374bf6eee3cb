"""Every account of money at the end of a day: banks, cash boxes, the card processor, and why each
differs from the books.
"""

from datetime import date, timedelta

from fundapp.access.permissions import Role
from fundapp.banking.reconciliation.days import DifferenceName, OtherSide, account_day
from fundapp.giving.models import CashDifference, CountKind
from tests.factories.banking import import_moves, interest
from tests.factories.books import make_gift
from tests.factories.campaigns import confirm, make_count
from tests.factories.card_payments import make_card_payout
from tests.factories.identity import make_user

TODAY, YESTERDAY = date(2026, 11, 24), date(2026, 11, 23)


def on(day):
    return {row.side: row for row in account_day(day)}


def named(row):
    return {each.name: each.satang for each in row.differences}


def test_each_difference_has_a_name(bank, auditor):
    make_gift(1_000_000, on=YESTERDAY)
    import_moves(interest(700, day=YESTERDAY), to_on=TODAY)
    make_gift(500, on=YESTERDAY, bank="1110")
    one, other = (make_user(Role.FUND_OFFICER).as_actor() for _each in range(2))
    office = {"kind": CountKind.OFFICE, "subject": "1110", "bag_number": ""}
    why = {"difference": CashDifference.MISCOUNTED, "total_satang": 200, "pieces": {200: 1}}
    confirm(make_count(one, **office, **why), other)
    make_gift(300, on=TODAY, bank="1110")
    make_card_payout()
    rows = on(TODAY)
    at_bank, box, card = (rows[side] for side in OtherSide)
    assert (at_bank.book_satang, at_bank.other_satang) == (1_000_000, 1_000_700)
    assert named(at_bank)[DifferenceName.LINES] == 700
    assert (box.book_satang, box.other_satang, box.as_of) == (800, 200, TODAY)
    assert named(box) == {DifferenceName.COUNTED: -300, DifferenceName.SINCE_COUNT: -300}
    assert card.book_satang > 0
    assert [row.unexplained_satang for row in (at_bank, box, card)] == [0, 0, 0]
    early = on(YESTERDAY - timedelta(days=100))
    assert all(row.other_satang in (None, 0) for row in early.values())
    page = auditor.get("/bank/reconciliation/accounts").text
    assert "Counted otherwise than booked" in page
    assert auditor.get("/bank/reconciliation/accounts?day=x").status_code == 422
