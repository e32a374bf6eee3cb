"""Every account of money at the end of a day: banks, cash boxes, the card processor, and why each
differs from the books.
"""

import csv
import io
import zipfile
from datetime import date, timedelta

from fundapp.access.permissions import Role
from fundapp.banking.reconciliation.days import DifferenceName, OtherSide, account_day
from fundapp.giving.models import CashDifference, CountKind
from fundapp.ledger.exports import export_lines
from fundapp.ledger.log.bundle import write_bundle
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
    exports_carry_it()


def exports_carry_it():
    """Yesterday as comments, and each of the last days in the bundle."""
    for name in ("hledger", "beancount"):
        text = "".join(export_lines(name))
        assert "; Reconciliation at the end of 2026-11-23" in text, name
        assert "; 1121 bank: books 10000.00, other 10007.00\n" in text, name
        assert "lines: 7.00 (1)\n" in text, name
    archive = io.BytesIO()
    write_bundle(archive)
    with zipfile.ZipFile(archive) as bundle:
        rows = list(
            csv.DictReader(bundle.read("reconciliation.csv").decode("utf-8-sig").splitlines())
        )
    assert len(rows) == 31 * len(OtherSide)
    (at_bank,) = [row for row in rows if (row["day"], row["side"]) == ("2026-11-23", "bank")]
    assert (at_bank["book_baht"], at_bank["other_baht"]) == ("10000.00", "10007.00")
    assert (at_bank["difference_baht"], at_bank["unexplained_baht"]) == ("7.00", "0.00")
