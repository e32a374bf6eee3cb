"""Payments: allocated, recorded once, and reversed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from fundapp.db import unit_of_work
from fundapp.errors import NotFoundError, UnreadableNameError
from fundapp.giving import operations
from fundapp.giving.errors import (
    FundClosedToGiftsError,
    IncomingPaymentError,
    PaymentKnownError,
    PaymentReversedError,
    UnknownReferenceError,
)
from fundapp.giving.models import (
    DonorKind,
    Frequency,
    Method,
    Payment,
    PaymentStatus,
    PledgeStatus,
    Receipt,
)
from fundapp.giving.queries import (
    find_receipt_of,
    get_payment,
    get_payment_detail,
    get_pledge,
    list_matching_instalments,
    list_pledge_receipts,
)
from fundapp.ledger import chart
from fundapp.ledger.errors import InsufficientFundsError, PeriodClosedError, PersonalDataError
from fundapp.ledger.models import JournalEntry, Posting
from fundapp.ledger.operations import close_period
from fundapp.ledger.queries import fund_available
from fundapp.mail.models import MailMessage
from tests.factories.actors import COMMAND_LINE, OFFICER
from tests.factories.books import make_approval
from tests.factories.giving import make_donor, make_payment, make_pledge, make_reversal

TODAY = date(2026, 11, 24)
YESTERDAY = TODAY - timedelta(days=1)


def paid(token):
    return [row.paid_satang for row in get_pledge(token).instalments]


def one_gift(**overrides):
    return make_pledge(frequency=Frequency.ONCE, instalment_count=1, **overrides)


def postings_of(session, payment):
    entry = select(Posting).where(Posting.entry_id == payment.journal_entry_id)
    return [
        (p.fund_code, p.debit_account_code, p.credit_account_code, p.amount_satang)
        for p in session.scalars(entry)
    ]


# Allocation ----------------------------------------------------------------------------------


def test_a_payment_goes_on_to_the_next_instalments(funds):
    pledge = make_pledge()
    make_payment(70_000, pledge.instalments[0])
    assert paid(pledge.token) == [33_334, 33_333, 3_333]
    assert get_pledge(pledge.token).instalments[2].open_satang == 30_000


def test_the_named_instalment_comes_first(funds):
    pledge = make_pledge()
    payment = make_payment(40_000, pledge.instalments[1])
    assert paid(pledge.token) == [6_667, 33_333, 0]
    assert get_payment_detail(payment.public_id).surplus_satang == 0


@pytest.mark.sqlite
def test_too_little_pays_a_part(funds):
    pledge = one_gift()
    make_payment(40_000, pledge.instalments[0])
    assert paid(pledge.token) == [40_000]
    assert get_pledge(pledge.token).status is PledgeStatus.ACTIVE
    make_payment(60_000, pledge.instalments[0])
    assert get_pledge(pledge.token).status is PledgeStatus.COMPLETED


def test_a_surplus_is_a_gift_to_the_same_fund(funds):
    pledge = one_gift(fund_code="SCHOLARSHIP")
    payment = make_payment(100_050, pledge.instalments[0])
    assert paid(pledge.token) == [100_000]
    assert get_payment_detail(payment.public_id).surplus_satang == 50
    assert postings_of(funds, payment) == [
        ("SCHOLARSHIP", chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS, 100_050)
    ]


@pytest.mark.sqlite
def test_paid_twice_is_two_gifts(funds):
    pledge = one_gift()
    payments = [make_payment(100_000, pledge.instalments[0]) for _ in range(2)]
    assert paid(pledge.token) == [100_000]
    assert [get_payment_detail(p.public_id).surplus_satang for p in payments] == [0, 100_000]
    assert fund_available("GENERAL") == 200_000
    assert len(list_pledge_receipts(pledge.id)) == 2


@pytest.mark.sqlite
def test_paid_twice_on_one_part_of_several_pays_the_next(funds):
    pledge = make_pledge(amount_satang=90_000)
    for _ in range(2):
        make_payment(30_000, pledge.instalments[0])
    assert paid(pledge.token) == [30_000, 30_000, 0]


@pytest.mark.sqlite
def test_a_late_payment_is_recorded_on_the_day_it_arrived(funds, clock):
    pledge = one_gift()
    clock.shift(timedelta(days=30))
    arrived = date(2026, 12, 20)
    payment = make_payment(100_000, pledge.instalments[0], received_on=arrived)
    detail = get_payment_detail(payment.public_id)
    assert [row.is_late for row in detail.allocations] == [True]
    assert detail.payment.received_on == arrived
    assert detail.receipt.received_on == arrived
    assert funds.get(JournalEntry, payment.journal_entry_id).entry_on == arrived


@pytest.mark.sqlite
def test_an_early_payment_is_not_late(funds):
    pledge = one_gift(starts_on=date(2027, 5, 1))
    payment = make_payment(100_000, pledge.instalments[0])
    assert [row.is_late for row in get_payment_detail(payment.public_id).allocations] == [False]
    assert get_pledge(pledge.token).status is PledgeStatus.COMPLETED


@pytest.mark.sqlite
def test_a_payment_for_a_cancelled_pledge_pays_the_named_instalment(funds):
    pledge = make_pledge()
    unit_of_work(operations.cancel_pledge, pledge.token, actor=OFFICER)
    payment = make_payment(50_000, pledge.instalments[1])
    detail = get_payment_detail(payment.public_id)
    assert paid(pledge.token) == [0, 33_333, 0]
    assert [row.is_late for row in detail.allocations] == [True]
    assert detail.surplus_satang == 16_667
    assert get_pledge(pledge.token).status is PledgeStatus.CANCELLED


@pytest.mark.sqlite
def test_a_payment_for_a_paused_pledge_is_allocated(funds):
    pledge = make_pledge()
    unit_of_work(operations.pause_pledge, pledge.token, actor=OFFICER)
    make_payment(100_000, pledge.instalments[0])
    assert get_pledge(pledge.token).status is PledgeStatus.COMPLETED


@pytest.mark.sqlite
def test_a_paid_open_ended_pledge_has_twelve_unpaid_instalments(funds):
    pledge = make_pledge(instalment_count=None, amount_satang=10_000)
    make_payment(125_000, pledge.instalments[0])
    paid_pledge = get_pledge(pledge.token)
    assert paid_pledge.status is PledgeStatus.ACTIVE
    assert sum(1 for row in paid_pledge.instalments if row.open_satang) == 12


@pytest.mark.sqlite
def test_by_pledge_without_a_reference_the_oldest_is_paid(funds):
    pledge = make_pledge()
    make_payment(33_334, pledge_id=pledge.id)
    assert paid(pledge.token) == [33_334, 0, 0]


@pytest.mark.sqlite
def test_two_equal_payments_match_two_instalments(funds):
    pledge = make_pledge(amount_satang=90_000)
    day = date(2026, 12, 1)
    first = list_matching_instalments([(30_000, day)])[30_000, day][0]
    make_payment(30_000, first)
    second = list_matching_instalments([(30_000, day)])[30_000, day][0]
    make_payment(30_000, second)
    assert [first.number, second.number] == [1, 2]
    assert paid(pledge.token) == [30_000, 30_000, 0]


@pytest.mark.sqlite
def test_instalments_that_match_by_amount(funds):
    near = make_pledge(amount_satang=30_000, instalment_count=1, starts_on=date(2026, 12, 3))
    far = make_pledge(amount_satang=30_000, instalment_count=1, starts_on=date(2027, 6, 1))
    part = make_pledge(amount_satang=50_000, instalment_count=1)
    make_payment(20_000, part.instalments[0])
    cancelled = make_pledge(amount_satang=30_000, instalment_count=1)
    unit_of_work(operations.cancel_pledge, cancelled.token, actor=OFFICER)
    money, other = (30_000, date(2026, 12, 1)), (20_000, date(2026, 12, 1))
    matching = list_matching_instalments([money])[money]
    assert [row.pledge_id for row in matching] == [near.id, part.id, far.id]
    assert list_matching_instalments([money, other], limit=1) == {money: matching[:1], other: []}


# Donors, funds and accounts ---------------------------------------------------------------------


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("fund", "kind", "income"),
    [
        ("GENERAL", DonorKind.INDIVIDUAL, chart.DONATIONS_INDIVIDUALS),
        ("GENERAL", DonorKind.HOUSEHOLD, chart.DONATIONS_INDIVIDUALS),
        ("GENERAL", DonorKind.UNKNOWN, chart.DONATIONS_INDIVIDUALS),
        ("GENERAL", DonorKind.COMPANY, chart.DONATIONS_ORGANISATIONS),
        ("GENERAL", DonorKind.AGENCY, chart.DONATIONS_ORGANISATIONS),
        ("GENERAL", DonorKind.SCHOOL, chart.DONATIONS_ORGANISATIONS),
        ("SCHOLARSHIP", DonorKind.MOSQUE, chart.DONATIONS_ORGANISATIONS),
        ("ZAKAT", DonorKind.COMPANY, chart.ZAKAT_RECEIVED),
    ],
)
def test_income_accounts(funds, fund, kind, income):
    donor = make_donor("A giver", kind=kind)
    bank = chart.BANK_ZAKAT if fund == "ZAKAT" else chart.BANK_MAIN
    payment = make_payment(500, fund_code=fund, donor_id=donor.id, asset_account_code=bank)
    assert [line[2] for line in postings_of(funds, payment)] == [income]


@pytest.mark.sqlite
def test_a_gift_of_an_unknown_giver_is_anonymous(funds):
    payment = make_payment(500, fund_code="GENERAL")
    assert payment.is_anonymous
    assert find_receipt_of(payment.id).donor_name == ""


@pytest.mark.sqlite
def test_anonymous_then_named_by_one_donor(funds):
    hidden = one_gift(email="a@example.org", name="Aminah Sani", is_anonymous=True)
    named = one_gift(email="a@example.org", name="Aminah Sani")
    first = make_payment(100_000, hidden.instalments[0])
    second = make_payment(100_000, named.instalments[0])
    assert first.donor_id == second.donor_id
    assert [find_receipt_of(p.id).donor_name for p in (first, second)] == ["", "Aminah Sani"]
    assert get_payment(first.public_id).is_anonymous
    bodies = funds.scalars(select(MailMessage.body).order_by(MailMessage.id)).all()
    assert "Aminah" not in bodies[0]
    assert "Aminah Sani" in bodies[1]


@pytest.mark.sqlite
def test_somebody_else_pays(funds):
    pledge, payer = one_gift(), make_donor("The uncle")
    payment = make_payment(100_000, pledge.instalments[0], donor_id=payer.id)
    assert payment.donor_id == payer.id
    assert find_receipt_of(payment.id).donor_name == "The uncle"
    assert paid(pledge.token) == [100_000]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("overrides", "error"),
    [
        ({"received_on": TODAY + timedelta(days=1)}, IncomingPaymentError),
        ({"instalment_reference": "YL23456789AB"}, UnknownReferenceError),
        ({"fund_code": None, "donor_id": None}, FundClosedToGiftsError),
        ({"fund_code": "NOTHING"}, FundClosedToGiftsError),
        ({"donor_id": 5}, NotFoundError),
        ({"pledge_id": 5}, NotFoundError),
    ],
)
def test_a_refused_payment_leaves_nothing(funds, overrides, error):
    with pytest.raises(error):
        make_payment(500, **{"fund_code": "GENERAL", **overrides})
    for table in (Payment, Receipt, JournalEntry, MailMessage):
        assert funds.scalar(select(func.count()).select_from(table)) == 0


@pytest.mark.sqlite
def test_a_reference_of_another_fund_or_pledge_is_refused(funds):
    pledge, other = one_gift(), one_gift()
    for overrides in ({"fund_code": "ZAKAT"}, {"pledge_id": other.id}):
        with pytest.raises(IncomingPaymentError):
            make_payment(500, pledge.instalments[0], **overrides)


@pytest.mark.sqlite
@pytest.mark.parametrize("satang", [0, -1])
def test_a_payment_is_more_than_zero(funds, satang):
    with pytest.raises(IncomingPaymentError):
        make_payment(satang)


@pytest.mark.sqlite
def test_a_name_that_nobody_can_read_is_refused(funds):
    with pytest.raises(UnreadableNameError) as refusal:
        make_payment(500, payer_name="\u3164")
    assert refusal.value.field == "payer_name"


@pytest.mark.sqlite
def test_a_closed_month_is_refused(funds):
    unit_of_work(close_period, date(2026, 10, 1), actor=COMMAND_LINE)
    with pytest.raises(PeriodClosedError):
        make_payment(500, received_on=date(2026, 10, 31))
    assert funds.scalar(select(func.count()).select_from(Receipt)) == 0


# Once ------------------------------------------------------------------------------------------


def test_the_same_bank_line_is_one_payment(funds):
    first, second = (make_payment(500, external_ref="line-1") for _ in range(2))
    assert first.public_id == second.public_id
    assert fund_available("GENERAL") == 500


def test_the_same_bank_line_with_another_amount_is_a_conflict(funds):
    make_payment(500, external_ref="line-1")
    with pytest.raises(PaymentKnownError):
        make_payment(600, external_ref="line-1")


@pytest.mark.sqlite
def test_after_a_reversal_the_line_can_be_recorded_again(funds):
    first = make_payment(500, external_ref="line-1")
    make_reversal(first)
    second = make_payment(600, external_ref="line-1")
    assert second.public_id != first.public_id
    assert fund_available("GENERAL") == 600


# Reversed --------------------------------------------------------------------------------------


def test_a_reversal_reopens_the_pledge_and_voids_the_receipt(funds):
    pledge = make_pledge()
    make_payment(33_334, pledge.instalments[0])
    payment = make_payment(66_666, pledge.instalments[1])
    assert get_pledge(pledge.token).status is PledgeStatus.COMPLETED
    make_reversal(payment, "The cheque bounced")
    assert paid(pledge.token) == [33_334, 0, 0]
    assert get_pledge(pledge.token).status is PledgeStatus.ACTIVE
    detail = get_payment_detail(payment.public_id)
    assert detail.payment.status is PaymentStatus.REVERSED
    assert detail.receipt.voided_at is not None
    assert detail.receipt.void_reason == "Another reason"
    assert funds.get(JournalEntry, detail.payment.reversal_entry_id).memo == "Another reason"
    assert fund_available("GENERAL") == 33_334


def test_a_payment_is_reversed_once(funds):
    payment = make_payment(500)
    make_reversal(payment)
    with pytest.raises(PaymentReversedError):
        make_reversal(payment)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("", IncomingPaymentError),
        ("  \t", IncomingPaymentError),
        ("call 081-234-5678", PersonalDataError),
    ],
)
def test_a_reversal_needs_a_public_reason(funds, reason, error):
    payment = make_payment(500)
    with pytest.raises(error):
        make_reversal(payment, reason)
    assert get_payment(payment.public_id).status is PaymentStatus.RECEIVED


def test_money_that_is_spent_cannot_be_reversed(funds):
    payment = make_payment(50_000)
    make_approval(40_000)
    with pytest.raises(InsufficientFundsError):
        make_reversal(payment)
    assert find_receipt_of(payment.id).voided_at is None


def test_a_payment_of_a_closed_month_is_reversed_today(funds):
    payment = make_payment(500, received_on=date(2026, 10, 5))
    unit_of_work(close_period, date(2026, 10, 1), actor=COMMAND_LINE)
    reversed_ = make_reversal(payment)
    assert funds.get(JournalEntry, reversed_.reversal_entry_id).entry_on == TODAY


@pytest.mark.sqlite
def test_an_unknown_payment(funds):
    with pytest.raises(NotFoundError):
        unit_of_work(operations.reverse_payment, "nobody", reason="x", actor=OFFICER)


@pytest.mark.sqlite
def test_the_receipt_keeps_the_method(funds):
    payment = make_payment(500, method=Method.CHEQUE, asset_account_code=chart.BANK_MAIN)
    assert find_receipt_of(payment.id).method is Method.CHEQUE
