"""Fees, taxes and interest are booked; withdrawals are matched to payouts."""

from datetime import date

import pytest

from fundapp.banking import queries
from fundapp.banking.errors import DoesNotFitError, NoGeneralFundError, NotTheBanksOwnError
from fundapp.banking.matching.candidates import CandidateKind
from fundapp.banking.models import LineStatus, StatementLine
from fundapp.banking.operations import book_charge, match_certain, match_line, unmatch_line
from fundapp.db import db, unit_of_work
from fundapp.ledger import chart
from fundapp.ledger.models import EntryKind, JournalEntry, Posting, Restriction
from fundapp.ledger.queries import fund_available, list_shortages
from tests.factories.actors import OFFICER
from tests.factories.banking import (
    Move,
    fee,
    import_moves,
    interest,
    make_bank_account,
    transfer_out,
)
from tests.factories.books import make_fund, make_gift
from tests.factories.disbursements import make_approved, make_team, pay

TODAY = date(2026, 11, 24)


def book(line):
    return unit_of_work(book_charge, line.public_id, actor=OFFICER)


def booked(match):
    entry = db.session.get(JournalEntry, match.journal_entry_id)
    posting = db.session.scalars(db.select(Posting).where(Posting.entry_id == entry.id)).one()
    sides = (posting.debit_account_code, posting.credit_account_code)
    return entry.kind, entry.entry_on, posting.fund_code, sides, posting.amount_satang


def test_a_fee_and_interest(bank):
    make_gift(100_000, on=date(2026, 11, 2))
    charge, gain = import_moves(fee(2_500), interest(4_108))
    day = charge.booked_on
    assert booked(book(charge)) == (
        EntryKind.BANK_FEE, day, "GENERAL", (chart.BANK_FEES, chart.BANK_MAIN), 2_500,
    )  # fmt: skip
    assert booked(book(gain)) == (
        EntryKind.BANK_INTEREST, day, "GENERAL", (chart.BANK_MAIN, chart.BANK_INTEREST), 4_108,
    )  # fmt: skip
    assert fund_available("GENERAL") == 101_608


@pytest.mark.sqlite
def test_a_fee_can_be_booked_again_after_it_was_undone(bank):
    make_gift(100_000)
    (line,) = import_moves(fee(2_500))
    first = book(line)
    unit_of_work(unmatch_line, line.public_id, reason="Wrong fund", actor=OFFICER)
    assert fund_available("GENERAL") == 100_000
    assert book(line).journal_entry_id != first.journal_entry_id
    assert fund_available("GENERAL") == 97_500


@pytest.mark.sqlite
def test_only_what_the_bank_calls_a_charge_is_booked(bank):
    came, went = import_moves(Move(50_000), transfer_out(10_000))
    for line in (came, went):
        with pytest.raises(NotTheBanksOwnError):
            book(line)
    db.session.expire_all()
    assert db.session.get(StatementLine, came.id).status is LineStatus.UNMATCHED


@pytest.mark.sqlite
def test_a_fee_that_the_fund_cannot_carry(bank):
    """The bank has taken it, so it is booked: the fund lacks what is missing."""
    (line,) = import_moves(fee(2_500))
    make_gift(1_000)
    book(line)
    assert fund_available("GENERAL") == 0
    shortage = list_shortages()["GENERAL"]
    assert (shortage.satang, shortage.since_on) == (1_500, line.booked_on)


@pytest.mark.sqlite
def test_without_an_unrestricted_fund(session, clock):
    make_fund("ZAKAT", Restriction.ZAKAT)
    make_bank_account()
    (line,) = import_moves(interest())
    with pytest.raises(NoGeneralFundError):
        book(line)


@pytest.fixture
def payout(session, clock):
    """A payout of 1,000 baht of today, from the main account at the bank."""
    make_bank_account()
    team = make_team()
    return pay(make_approved(team), team)


@pytest.mark.sqlite
def test_a_voucher_in_the_text_is_certain(payout):
    (line,) = import_moves(transfer_out(100_000, payout.voucher, day=TODAY), to_on=TODAY)
    result = unit_of_work(match_certain, line.statement.public_id, actor=OFFICER)
    assert (result.matched, result.refused) == (1, ())
    history = queries.get_line_history(line.public_id)
    assert history.active.payout.id == payout.id


@pytest.mark.sqlite
def test_the_same_amount_is_offered_and_matched_by_a_person(payout):
    (line,) = import_moves(transfer_out(100_000, "help", day=TODAY), to_on=TODAY)
    (candidate,) = queries.list_candidates([line])[line.id]
    assert (candidate.kind, candidate.ref, candidate.is_certain) == (
        CandidateKind.PAYOUT, payout.public_id, False,
    )  # fmt: skip
    assert unit_of_work(match_certain, line.statement.public_id, actor=OFFICER).matched == 0
    unit_of_work(match_line, line.public_id, payout_public_id=payout.public_id, actor=OFFICER)
    unit_of_work(unmatch_line, line.public_id, reason="Wrong one", actor=OFFICER)
    db.session.expire_all()
    assert queries.list_candidates([queries.get_line(line.public_id)])[line.id]


@pytest.mark.sqlite
def test_a_voucher_with_another_amount_does_not_fit(payout):
    (line,) = import_moves(transfer_out(90_000, payout.voucher, day=TODAY), to_on=TODAY)
    assert queries.find_certain([line]) == {}
    with pytest.raises(DoesNotFitError):
        unit_of_work(match_line, line.public_id, payout_public_id=payout.public_id, actor=OFFICER)
