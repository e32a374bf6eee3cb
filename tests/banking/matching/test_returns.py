"""Lines of money out that are the return of a gift."""

from datetime import date, timedelta

import pytest

from fundapp.banking.errors import DoesNotFitError, LineTakenError, WrongDirectionError
from fundapp.banking.matching.queries import list_candidates, list_returnable
from fundapp.banking.models import LineStatus, StatementLine
from fundapp.banking.operations import book_return, match_line, unmatch_line
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.giving.errors import PaymentReversedError
from fundapp.giving.models import Method, PaymentStatus, ReturnReason
from fundapp.ledger import chart
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import EntryKind, JournalEntry, Restriction
from tests.factories.actors import AUDITOR, OFFICER
from tests.factories.banking import TUESDAY, Move, import_moves, make_bank_account
from tests.factories.books import make_fund
from tests.factories.giving import make_payment, make_return, make_reversal

MONDAY_BEFORE = TUESDAY - timedelta(days=1)


@pytest.fixture
def bank(session, clock):
    make_fund("GENERAL")
    make_bank_account()
    return session


def came(satang=50_000, on=MONDAY_BEFORE, **fields):
    return make_payment(satang, received_on=on, **{"method": Method.CHEQUE, **fields})


def came_elsewhere():
    """A gift of the same amount into another account."""
    make_fund("ZAKAT", Restriction.ZAKAT)
    return came(fund_code="ZAKAT", asset_account_code=chart.BANK_ZAKAT, payer_name="Walk-in")


def taken_back(satang=50_000, detail=""):
    (line,) = import_moves(Move(-satang, detail, description="เช็คคืน", channel="Branch"))
    return line


def book(line, payment, actor=OFFICER):
    return unit_of_work(
        book_return, line.public_id, payment_public_id=payment.public_id,
        reason=ReturnReason.CHEQUE, actor=actor,
    )  # fmt: skip


def test_the_line_is_matched_to_the_entry_of_its_day(bank):
    payment, line = came(), taken_back()
    match = book(line, payment)
    db.session.expire_all()
    entry = db.session.get_one(JournalEntry, match.journal_entry_id)
    assert (entry.kind, entry.entry_on) == (EntryKind.GIFT_RETURNED, TUESDAY)
    assert entry.reverses_entry_id == payment.journal_entry_id
    assert db.session.get_one(StatementLine, line.id).status is LineStatus.MATCHED
    assert payment.status is PaymentStatus.RETURNED


@pytest.mark.sqlite
def test_what_is_offered(bank):
    """Payments of the amount in the account, half a year back; the cheque that is named first."""
    named = came(on=date(2026, 6, 1), note="Cheque 12345")
    others = [came(), came(on=TUESDAY, method=Method.TRANSFER)]
    make_reversal(came())
    make_return(came(), returned_on=TUESDAY)
    came(on=TUESDAY + timedelta(days=1))
    came(on=TUESDAY - timedelta(days=181))
    came(satang=50_001)
    came(method=Method.CASH, asset_account_code=chart.CASH_ON_HAND)
    came_elsewhere()
    offered = list_returnable(taken_back(detail="เช็ค 00012345"))
    wanted = [named, others[1], others[0]]
    assert [each.payment.public_id for each in offered] == [p.public_id for p in wanted]
    assert [each.is_named for each in offered] == [True, False, False]


@pytest.mark.sqlite
def test_money_that_does_not_fit(bank):
    came_in, line = import_moves(Move(50_000), Move(-50_000, description="เช็คคืน"))
    with pytest.raises(WrongDirectionError):
        book(came_in, came())
    for payment in (came(satang=49_999), came_elsewhere()):
        with pytest.raises(DoesNotFitError):
            book(line, payment)
    reversed_ = came()
    make_reversal(reversed_)
    with pytest.raises(PaymentReversedError):
        book(line, reversed_)
    with pytest.raises(ForbiddenError):
        book(line, came(), actor=AUDITOR)
    db.session.expire_all()
    assert db.session.get_one(StatementLine, line.id).status is LineStatus.UNMATCHED


def test_a_line_is_booked_once(bank):
    line = taken_back()
    book(line, came())
    with pytest.raises(LineTakenError):
        book(line, came())


@pytest.mark.sqlite
def test_a_return_that_was_booked_before_is_offered_once(bank):
    payment = came()
    make_return(payment, returned_on=TUESDAY)
    line, second = import_moves(
        Move(-50_000, "a", description="เช็คคืน"), Move(-50_000, "b", description="เช็คคืน")
    )
    number = entry_number(payment.reversal_entry_id)
    for each in (line, second):
        assert [found.ref for found in list_candidates([each])[each.id]] == [number]
    unit_of_work(match_line, line.public_id, entry_number=number, actor=OFFICER)
    assert list_candidates([second]).get(second.id, []) == []
    with pytest.raises(Exception, match="another line"):
        unit_of_work(match_line, second.public_id, entry_number=number, actor=OFFICER)


def test_undoing_the_match_leaves_the_return_and_offers_it_again(bank):
    payment, line = came(), taken_back()
    book(line, payment)
    unit_of_work(unmatch_line, line.public_id, reason="Another line", actor=OFFICER)
    db.session.expire_all()
    assert payment.status is PaymentStatus.RETURNED
    line = db.session.get_one(StatementLine, line.id)
    assert [found.ref for found in list_candidates([line])[line.id]] == [
        entry_number(payment.reversal_entry_id)
    ]
