"""Payments that the bank took back."""

from datetime import date, timedelta

import pytest

from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError, NotFoundError
from fundapp.giving import operations
from fundapp.giving.errors import NotReturnableError, PaymentReversedError, ReturnDayError
from fundapp.giving.models import Frequency, Method, PaymentStatus, PledgeStatus, ReturnReason
from fundapp.giving.queries import get_payment, get_payment_detail
from fundapp.ledger import chart
from fundapp.ledger.models import EntryKind, JournalEntry
from fundapp.ledger.queries import fund_available, list_shortages
from fundapp.mail.models import MailMessage
from fundapp.trail.queries import list_events
from tests.factories.actors import AUDITOR, OFFICER
from tests.factories.books import close_month, make_approval
from tests.factories.giving import make_payment, make_pledge, make_return, make_reversal

TODAY = date(2026, 11, 24)


def messages():
    return list(db.session.scalars(db.select(MailMessage).order_by(MailMessage.id)))


def test_receipt_void_instalment_open_donor_told(funds):
    pledge = make_pledge(locale="en", instalment_count=1, frequency=Frequency.ONCE)
    payment = make_payment(100_000, pledge.instalments[0], method=Method.CHEQUE)
    assert pledge.status is PledgeStatus.COMPLETED
    make_approval(60_000, on=TODAY)
    returned = make_return(payment, reason=ReturnReason.CHEQUE)
    assert (returned.status, returned.return_reason) == (PaymentStatus.RETURNED, "cheque")
    assert (pledge.status, pledge.instalments[0].open_satang) == (PledgeStatus.ACTIVE, 100_000)
    detail = get_payment_detail(payment.public_id)
    assert detail.receipt.void_reason == "The bank returned the cheque"
    assert [(spent.satang, spent.open_satang) for spent in detail.spent] == [(60_000, 60_000)]
    entry = db.session.get_one(JournalEntry, payment.reversal_entry_id)
    assert (entry.kind, entry.entry_on) == (EntryKind.GIFT_RETURNED, TODAY)
    assert (fund_available("GENERAL"), list_shortages()["GENERAL"].satang) == (0, 60_000)
    thanks, told = messages()
    assert told.to_address == thanks.to_address
    assert told.subject == f"The bank took back your gift – receipt {detail.receipt.label}"
    assert "The bank returned the cheque." in told.body
    assert f"/pledges/{pledge.token}" in told.body
    (event,) = [e for e in list_events("payment", payment.public_id) if "return" in e.action]
    assert (event.action, event.note) == ("giving:payment:return", "cheque")


@pytest.mark.sqlite
def test_a_donor_without_an_address_or_a_pledge(funds):
    make_return(make_payment(5_000))
    assert messages() == []


@pytest.mark.one_case
@pytest.mark.parametrize("days", [-1, 3])
def test_the_day_is_between_the_gift_and_today(funds, clock, days):
    payment = make_payment(5_000)
    clock.shift(timedelta(days=2))
    with pytest.raises(ReturnDayError):
        make_return(payment, returned_on=TODAY + timedelta(days=days))
    make_return(payment, returned_on=TODAY + timedelta(days=1))
    entry = db.session.get_one(JournalEntry, payment.reversal_entry_id)
    assert entry.entry_on == TODAY + timedelta(days=1)


def test_once_and_not_after_a_reversal(funds):
    returned, reversed_ = make_payment(5_000), make_payment(6_000)
    make_return(returned)
    make_reversal(reversed_)
    for undo in (make_return, make_reversal):
        for payment in (returned, reversed_):
            with pytest.raises(PaymentReversedError):
                undo(payment)


@pytest.mark.sqlite
def test_no_bank_returns_cash(funds):
    payment = make_payment(5_000, method=Method.CASH, asset_account_code=chart.CASH_ON_HAND)
    with pytest.raises(NotReturnableError):
        make_return(payment)
    assert get_payment(payment.public_id).status is PaymentStatus.RECEIVED


def test_a_day_of_a_closed_month_is_booked_in_the_open_one(funds):
    payment = make_payment(5_000, received_on=date(2026, 10, 5))
    close_month(date(2026, 10, 5))
    make_return(payment, returned_on=date(2026, 10, 30))
    db.session.expire_all()
    detail = get_payment_detail(payment.public_id)
    assert detail.payment.returned_on == date(2026, 10, 30)
    assert detail.reversed_on == date(2026, 11, 1)


@pytest.mark.sqlite
def test_who_may(funds):
    payment = make_payment(5_000)
    values = {"reason": ReturnReason.CORRECTION, "returned_on": TODAY}
    with pytest.raises(ForbiddenError):
        unit_of_work(operations.return_payment, payment.public_id, **values, actor=AUDITOR)
    with pytest.raises(NotFoundError):
        unit_of_work(operations.return_payment, "nobody", **values, actor=OFFICER)


def test_what_was_returned_may_be_paid_again_with_the_same_line(funds):
    """As after a reversal: the key is free again."""
    first = make_payment(5_000, external_ref="bank:x")
    make_return(first)
    assert make_payment(5_000, external_ref="bank:x").id != first.id
