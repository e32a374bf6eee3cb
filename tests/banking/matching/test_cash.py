"""The fund's own cash, paid in or drawn: booked from the line, or matched to an entry."""

from datetime import date

import pytest

from fundapp.banking import queries
from fundapp.banking.errors import (
    CashShortError,
    DoesNotFitError,
    OtherAccountError,
    TargetTakenError,
)
from fundapp.banking.matching.candidates import CandidateKind
from fundapp.banking.models import LineStatus, StatementLine
from fundapp.banking.operations import book_cash, match_line, unmatch_line
from fundapp.db import db, unit_of_work
from fundapp.errors import NotFoundError
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft, entry_number
from fundapp.ledger.models import EntryKind, JournalEntry, Restriction
from fundapp.ledger.queries import balances_as_of, fund_available
from tests.factories.actors import OFFICER
from tests.factories.banking import MONDAY, Move, import_moves, transfer_out
from tests.factories.books import make_entry, make_fund, make_gift, make_reversal

TODAY = date(2026, 11, 24)


def in_the_box(fund="GENERAL"):
    moved = balances_as_of(TODAY, fund).get((fund, chart.CASH_ON_HAND))
    return moved.balance_satang if moved else 0


def cash_gift(satang):
    make_entry(PostingDraft("GENERAL", chart.CASH_ON_HAND, chart.DONATIONS_INDIVIDUALS, satang))


def cash_moved(satang, *, on=MONDAY, into=True):
    sides = (chart.BANK_MAIN, chart.CASH_ON_HAND)
    debit, credit = sides if into else sides[::-1]
    line = PostingDraft("GENERAL", debit, credit, satang)
    return make_entry(line, kind=EntryKind.TRANSFER, entry_on=on, memo="Cash paid into the bank")


def book(line, fund="GENERAL"):
    return unit_of_work(book_cash, line.public_id, fund_code=fund, actor=OFFICER)


def test_cash_paid_in_and_drawn_only_changes_its_account(bank):
    cash_gift(295_000)
    paid_in, drawn = import_moves(Move(295_000, description="ฝากเงินสด"), transfer_out(40_000))
    match = book(paid_in)
    entry = db.session.get(JournalEntry, match.journal_entry_id)
    assert (entry.kind, entry.entry_on) == (EntryKind.TRANSFER, paid_in.booked_on)
    assert (in_the_box(), fund_available("GENERAL")) == (0, 295_000)
    book(drawn)
    assert (in_the_box(), fund_available("GENERAL")) == (40_000, 295_000)


@pytest.mark.parametrize("move", [Move(1_001), transfer_out(1_001)])
def test_no_more_than_the_account_holds(bank, move):
    cash_gift(1_000)
    (line,) = import_moves(move)
    with pytest.raises(CashShortError) as refused:
        book(line)
    assert refused.value.params["held"] == ("10.00" if move.satang > 0 else "0.00")
    db.session.expire_all()
    assert db.session.get(StatementLine, line.id).status is LineStatus.UNMATCHED


def test_a_fund_keeps_to_its_own_bank_account(bank):
    make_fund("ZAKAT", Restriction.ZAKAT)
    (line,) = import_moves(Move(1_000))
    with pytest.raises(OtherAccountError):
        book(line, "ZAKAT")
    with pytest.raises(NotFoundError):
        book(line, "NOTHING")


def test_undoing_moves_the_cash_back(bank):
    cash_gift(5_000)
    (line,) = import_moves(Move(5_000))
    book(line)
    unit_of_work(unmatch_line, line.public_id, reason="A gift after all", actor=OFFICER)
    assert in_the_box() == 5_000
    book(line)
    assert in_the_box() == 0


def offered(line):
    candidates = queries.list_candidates([queries.get_line(line.public_id)]).get(line.id, [])
    return [each.ref for each in candidates if each.kind is CandidateKind.ENTRY]


def test_an_entry_of_moved_cash_is_offered_and_stays_when_the_match_is_undone(bank):
    cash_gift(50_000)
    moved = cash_moved(50_000)
    line, other = import_moves(Move(50_000), Move(49_999))
    number = entry_number(moved.id)
    assert (offered(line), offered(other)) == ([number], [])
    unit_of_work(match_line, line.public_id, entry_number=number, actor=OFFICER)
    assert in_the_box() == 0
    unit_of_work(unmatch_line, line.public_id, reason="Another day", actor=OFFICER)
    assert (in_the_box(), offered(line)) == (0, [number])


def test_what_does_not_fit_is_not_matched(bank):
    cash_gift(90_000)
    make_gift(50_000)
    undone, late = cash_moved(10_000), cash_moved(10_000, on=TODAY)
    make_reversal(undone)
    line, gone = import_moves(Move(10_000), transfer_out(10_000))
    wrong = [undone, late, make_gift(10_000)]
    assert offered(line) == []
    for entry in wrong:
        with pytest.raises(DoesNotFitError):
            unit_of_work(
                match_line, line.public_id, entry_number=entry_number(entry.id), actor=OFFICER
            )
    fits = cash_moved(10_000)
    with pytest.raises(DoesNotFitError):
        unit_of_work(match_line, gone.public_id, entry_number=entry_number(fits.id), actor=OFFICER)
    with pytest.raises(NotFoundError):
        unit_of_work(match_line, line.public_id, entry_number="JE0000000000000", actor=OFFICER)


def test_an_entry_has_one_line(bank):
    cash_gift(10_000)
    number = entry_number(cash_moved(10_000).id)
    first, second = import_moves(Move(10_000), Move(10_000))
    unit_of_work(match_line, first.public_id, entry_number=number, actor=OFFICER)
    assert offered(second) == []
    with pytest.raises(TargetTakenError):
        unit_of_work(match_line, second.public_id, entry_number=number, actor=OFFICER)
