"""Gifts of older books: imported once, with payments, receipts, entries and a trail."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from fundapp.db import unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.giving.drafts import OlderGift, OlderPledge
from fundapp.giving.errors import (
    FundClosedToGiftsError,
    IncomingPaymentError,
    PaymentKnownError,
    ScheduleError,
)
from fundapp.giving.models import (
    Allocation,
    Designation,
    Donor,
    DonorKind,
    Frequency,
    Instalment,
    Method,
    Payment,
    Pledge,
    PledgeStatus,
    Receipt,
)
from fundapp.giving.operations import import_older_gifts
from fundapp.ledger import chart
from fundapp.ledger.errors import PeriodClosedError
from fundapp.ledger.models import JournalEntry, Posting
from fundapp.ledger.operations import close_period, set_tax_wording
from fundapp.ledger.queries import fund_available
from fundapp.mail.models import MailMessage
from fundapp.trail.models import AuditEvent
from tests.factories.actors import AUDITOR, COMMAND_LINE
from tests.factories.giving import make_donor, make_payment, make_reversal

TODAY = date(2026, 11, 24)
FIRST_DAY = date(2026, 8, 31)
TABLES = (Donor, Pledge, Instalment, Payment, Allocation, Designation, Receipt, JournalEntry)


def gift(number, satang=20_000, on=FIRST_DAY):
    return OlderGift(f"B-{number}", satang, on)


def monthly(**overrides):
    """Three gifts of 200 baht, the second of them two days late."""
    fields = {
        "fund_code": "GENERAL",
        "frequency": Frequency.MONTHLY,
        "starts_on": FIRST_DAY,
        "method": Method.TRANSFER,
        "gifts": (
            gift(1),
            gift(2, on=date(2026, 10, 2)),
            gift(3, on=date(2026, 10, 31)),
        ),
        "donor_name": "Aminah Sani",
        "donor_email": "Aminah@example.org",
        **overrides,
    }
    return OlderPledge(**fields)


def single(number, satang=50_000, **overrides):
    fields = {
        "frequency": Frequency.ONCE,
        "gifts": (gift(number, satang),),
        "donor_name": "Walk-in",
        "donor_email": None,
        **overrides,
    }
    return monthly(**fields)


def take_over(*pledges, actor=COMMAND_LINE):
    return unit_of_work(import_older_gifts, pledges, actor=actor)


def counts(session):
    return [session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def numbers(session):
    query = select(Receipt.number).order_by(Receipt.fiscal_year, Receipt.number)
    return list(session.scalars(query))


def refusal(error, *pledges):
    with pytest.raises(error) as caught:
        take_over(*pledges)
    return caught.value.field, caught.value.params.get("row"), caught.value.params.get("number")


def assert_every_check_is_green(runner):
    result = runner.invoke(args=["audit", "check"])
    assert result.exit_code == 0, result.output


# What is written ------------------------------------------------------------------------------


def test_a_pledge_is_written_as_completed(funds):
    assert take_over(monthly()) == 3
    pledge = funds.scalars(select(Pledge)).one()
    assert (pledge.status, pledge.amount_satang) == (PledgeStatus.COMPLETED, 60_000)
    assert pledge.donor.email == "aminah@example.org"
    assert [(one.due_on, one.paid_satang, one.open_satang) for one in pledge.instalments] == [
        (date(2026, 8, 31), 20_000, 0),
        (date(2026, 9, 30), 20_000, 0),
        (date(2026, 10, 31), 20_000, 0),
    ]


def test_each_gift_is_a_payment_in_the_books(funds):
    take_over(monthly())
    rows = funds.execute(
        select(Payment.external_ref, Payment.recorded_by, JournalEntry.entry_on, JournalEntry.memo)
        .join(JournalEntry, JournalEntry.id == Payment.journal_entry_id)
        .order_by(Payment.received_on)
    ).all()
    memo = "Donation by bank transfer"
    assert [tuple(row) for row in rows] == [
        ("older:B-1", "command-line", date(2026, 8, 31), memo),
        ("older:B-2", "command-line", date(2026, 10, 2), memo),
        ("older:B-3", "command-line", date(2026, 10, 31), memo),
    ]
    assert fund_available("GENERAL") == 60_000


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("fund", "method", "kind", "debit", "credit"),
    [
        ("GENERAL", Method.CASH, DonorKind.INDIVIDUAL, chart.CASH_ON_HAND, None),
        ("GENERAL", Method.CHEQUE, DonorKind.COMPANY, chart.BANK_MAIN, None),
        ("ZAKAT", Method.TRANSFER, DonorKind.MOSQUE, chart.BANK_ZAKAT, chart.ZAKAT_RECEIVED),
    ],
)
def test_accounts_follow_fund_method_and_donor(funds, fund, method, kind, debit, credit):
    take_over(single(1, fund_code=fund, method=method, donor_kind=kind))
    posting = funds.scalars(select(Posting)).one()
    by_donor = {
        DonorKind.INDIVIDUAL: chart.DONATIONS_INDIVIDUALS,
        DonorKind.COMPANY: chart.DONATIONS_ORGANISATIONS,
    }
    expected = (debit, credit or by_donor[kind], 50_000)
    written = (posting.debit_account_code, posting.credit_account_code, posting.amount_satang)
    assert written == expected


def test_every_check_of_the_auditor_is_green(funds, runner):
    take_over(monthly(), single(4), single(5, fund_code="ZAKAT", is_anonymous=True))
    assert_every_check_is_green(runner)


@pytest.mark.sqlite
def test_one_event_for_each_payment(funds):
    take_over(monthly())
    query = select(AuditEvent.actor, AuditEvent.subject_ref).where(
        AuditEvent.action == "giving:payment:receive"
    )
    refs = funds.scalars(select(Payment.public_id))
    assert {tuple(row) for row in funds.execute(query)} == {("command-line", ref) for ref in refs}


@pytest.mark.sqlite
def test_nobody_is_thanked_again(funds):
    take_over(monthly())
    assert list(funds.scalars(select(MailMessage))) == []


@pytest.mark.sqlite
def test_an_anonymous_gift_has_a_receipt_without_a_name(funds):
    take_over(single(1, is_anonymous=True), single(2, donor_name=""), single(3))
    query = (
        select(Payment.is_anonymous, Receipt.donor_name)
        .join(Receipt, Receipt.payment_id == Payment.id)
        .order_by(Payment.external_ref)
    )
    written = [tuple(row) for row in funds.execute(query)]
    assert written == [(True, ""), (True, ""), (False, "Walk-in")]


def test_a_known_donor_is_found_by_address_name_and_kind(funds):
    known = make_donor("aminah  SANI", email="aminah@example.org")
    make_donor("Aminah Sani", email="aminah@example.org", kind=DonorKind.COMPANY)
    other = {"donor_email": "b@example.org"}
    take_over(monthly(), single(4, **other), single(5, **other), single(6))
    donors = [payment.donor_id for payment in funds.scalars(select(Payment))]
    assert donors.count(known.id) == 3
    assert len(set(donors)) == 3


def test_receipts_are_numbered_without_a_gap(funds):
    first = make_payment(10_000)
    take_over(monthly())
    make_payment(10_000)
    take_over(single(4))
    assert numbers(funds) == [1, 2, 3, 4, 5, 6]
    issued = funds.scalars(select(Receipt.issued_on).where(Receipt.payment_id != first.id))
    assert set(issued) == {TODAY}


@pytest.mark.sqlite
def test_a_receipt_names_the_wording_that_counts_now(funds):
    unit_of_work(set_tax_wording, "GENERAL", ("สอง", "two", "dua"), actor=COMMAND_LINE)
    take_over(single(1))
    assert list(funds.scalars(select(Receipt.tax_wording_number))) == [2]


# What is refused ------------------------------------------------------------------------------


@pytest.mark.sqlite
def test_others_may_not_import(funds):
    with pytest.raises(ForbiddenError):
        take_over(monthly(), actor=AUDITOR)
    assert not any(counts(funds))


@pytest.mark.sqlite
def test_an_unknown_fund_is_refused(funds):
    where = refusal(FundClosedToGiftsError, monthly(), single(4, fund_code="OTHER"))
    assert where == ("fund", 2, None)


@pytest.mark.sqlite
def test_a_name_that_nobody_can_read_is_refused(funds):
    where = refusal(IncomingPaymentError, monthly(), single(4, donor_name="\u3164"))
    assert where == ("donor_name", 2, None)


@pytest.mark.sqlite
@pytest.mark.parametrize("satang", [0, -1])
def test_an_amount_of_nothing_is_refused(funds, satang):
    assert refusal(IncomingPaymentError, monthly(), single(4, satang)) == ("amount", 2, "B-4")


@pytest.mark.sqlite
def test_a_day_to_come_is_refused(funds):
    tomorrow = (gift(4, on=TODAY + timedelta(days=1)),)
    where = refusal(IncomingPaymentError, monthly(), single(4, gifts=tomorrow))
    assert where == ("received_on", 2, "B-4")


@pytest.mark.sqlite
@pytest.mark.parametrize("day", [date(2026, 7, 31), date(1999, 1, 1)])
def test_a_day_in_a_month_that_is_not_open_is_refused(funds, day):
    unit_of_work(close_period, date(2026, 7, 1), actor=COMMAND_LINE)
    pledge = single(4, gifts=(gift(4, on=day),))
    assert refusal(PeriodClosedError, monthly(), pledge) == ("received_on", 2, "B-4")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "pledge",
    [monthly(gifts=()), single(1, gifts=(gift(1), gift(2)))],
    ids=["no gift", "a single gift of two"],
)
def test_gifts_and_frequency_must_fit(funds, pledge):
    assert refusal(ScheduleError, pledge) == ("gifts", 1, None)


@pytest.mark.sqlite
def test_a_gift_without_a_number_is_refused(funds):
    pledge = single(4, gifts=(OlderGift("", 100, FIRST_DAY),))
    assert refusal(IncomingPaymentError, pledge) == ("number", 1, None)


@pytest.mark.sqlite
def test_a_number_that_comes_twice_is_refused(funds):
    assert refusal(PaymentKnownError, monthly(), single(3)) == ("number", 2, "B-3")


def test_a_refused_row_leaves_nothing(funds):
    make_payment(10_000)
    before = counts(funds)
    refusal(IncomingPaymentError, monthly(), single(4), single(5, 0))
    assert counts(funds) == before
    take_over(single(4))
    assert numbers(funds) == [1, 2]


# Given again ----------------------------------------------------------------------------------


def test_the_same_batch_again_writes_nothing(funds, runner):
    batch = (monthly(), single(4))
    take_over(*batch)
    before = counts(funds)
    assert take_over(*batch) == 0
    assert counts(funds) == before
    assert take_over(*batch, single(5)) == 1
    assert_every_check_is_green(runner)


@pytest.mark.sqlite
def test_it_may_come_again_after_a_reversal_and_a_closing(funds):
    take_over(monthly())
    make_reversal(funds.scalars(select(Payment)).first())
    unit_of_work(close_period, FIRST_DAY, actor=COMMAND_LINE)
    before = counts(funds)
    assert take_over(monthly()) == 0
    assert counts(funds) == before


@pytest.mark.sqlite
def test_other_details_under_the_same_number_are_refused(funds):
    take_over(monthly())
    changed = monthly()
    larger = replace(changed.gifts[1], amount_satang=30_000)
    for other in (
        replace(changed, fund_code="SCHOLARSHIP"),
        replace(changed, gifts=(changed.gifts[0], larger, changed.gifts[2])),
        replace(changed, gifts=(*changed.gifts, gift(4, on=TODAY))),
    ):
        assert refusal(PaymentKnownError, single(9), other)[:2] == ("number", 2)
    assert len(numbers(funds)) == 3


def test_more_gifts_than_one_look_up_holds(funds):
    batch = [single(number, 100) for number in range(1, 1202)]
    assert take_over(*batch) == 1201
    assert take_over(*batch) == 0
    assert numbers(funds) == list(range(1, 1202))
