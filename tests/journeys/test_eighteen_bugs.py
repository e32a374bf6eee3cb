"""Eighteen mistakes that other programs for gifts have made, each a test that is found by its
number. What more there is to say of one stands in the tests of the package that it belongs to.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from fundapp.access.actors import WORKER
from fundapp.access.permissions import Role
from fundapp.banking.matching.operations import match_line
from fundapp.banking.models import Statement, StatementLine
from fundapp.banking.statement_files.parsed import StatementRejected
from fundapp.db import count_rows, db, unit_of_work
from fundapp.giving import operations, queries
from fundapp.giving.models import (
    Frequency,
    Method,
    Payment,
    PaymentStatus,
    Pledge,
    PledgeStatus,
    Receipt,
    ReturnReason,
)
from fundapp.giving.queries import get_payment_detail, get_pledge
from fundapp.giving.reminders.batches import send_reminders
from fundapp.ledger.errors import PeriodClosedError
from fundapp.ledger.models import JournalEntry, Restriction
from fundapp.ledger.operations import freeze_fund
from fundapp.ledger.queries import trial_balance
from fundapp.mail.models import MailMessage
from tests.factories.actors import OFFICER, VISITOR
from tests.factories.banking import (
    MONDAY,
    TUESDAY,
    Move,
    do_import,
    import_moves,
    make_bank_account,
    make_single_pledge,
    move_of,
    statement_file,
)
from tests.factories.books import close_month, make_fund
from tests.factories.card_payments import card_processor, open_checkout, pay_by_card, send_notice
from tests.factories.giving import make_payment, make_pledge, make_return
from tests.factories.identity import make_user, sign_in

TODAY = date(2026, 11, 24)


@pytest.fixture
def books(session, clock):
    """A fund and its account at a bank; today is 24 November 2026."""
    make_fund("GENERAL", position=1)
    make_fund("SCHOLARSHIP", Restriction.RESTRICTED, position=2)
    make_bank_account()
    return session


@pytest.fixture
def fake(books, app, client):
    """The card processor."""
    with card_processor(app, client) as processor:
        yield processor


def counting():
    db.session.rollback()
    query = db.select(Payment).where(Payment.status == PaymentStatus.RECEIVED)
    return list(db.session.scalars(query.order_by(Payment.id)).unique())


def satang():
    return [payment.amount_satang for payment in counting()]


def opens(pledge):
    return [row.open_satang for row in get_pledge(pledge.token).instalments]


def rows(model):
    return count_rows(db.select(model))


def test_bug_01_a_payment_over_several_instalments_leaves_what_is_left_to_the_satang(books):
    pledge = make_pledge(amount_satang=100_000, instalment_count=3)
    assert [row.amount_satang for row in pledge.instalments] == [33_334, 33_333, 33_333]
    make_payment(70_000, pledge.instalments[0])
    assert opens(pledge) == [0, 0, 30_000]
    assert pledge.instalments[2].paid_satang == 3_333


def test_bug_02_changing_a_pledge_moves_what_is_unpaid_and_adds_nothing(books):
    pledge = make_pledge(amount_satang=100_000, instalment_count=3)
    make_payment(33_334, pledge.instalments[0])
    paid = (pledge.instalments[0].due_on, pledge.instalments[0].amount_satang)
    unit_of_work(
        operations.change_pledge,
        pledge.token,
        amount_satang=120_000,
        starts_on=date(2027, 3, 15),
        actor=VISITOR,
    )
    rows = get_pledge(pledge.token).instalments
    assert (rows[0].due_on, rows[0].amount_satang) == paid
    assert [row.amount_satang for row in rows] == [33_334, 43_333, 43_333]
    assert all(row.due_on >= date(2027, 3, 15) for row in rows[1:])


@pytest.mark.parametrize(("given", "left"), [(20_000, 13_334), (33_400, 0)])
def test_bug_03_what_was_paid_is_credited_not_what_was_due(books, given, left):
    pledge = make_pledge(amount_satang=100_000, instalment_count=3)
    payment = make_payment(given, pledge.instalments[0])
    assert (satang(), opens(pledge)[0]) == ([given], left)
    assert get_payment_detail(payment.public_id).receipt.amount_satang == given


def test_bug_04_a_pledge_of_one_instalment_can_be_paid(fake, client):
    pledge = make_pledge(amount_satang=50_000, instalment_count=1, frequency=Frequency.ONCE)
    assert "promptpay" in client.get(f"/pledges/{pledge.token}").text.lower()
    pay_by_card(fake, client, pledge)
    fake.deliveries.deliver()
    assert get_pledge(pledge.token).status is PledgeStatus.COMPLETED


def test_bug_05_money_that_is_taken_back_opens_its_instalment(books):
    pledge = make_pledge(amount_satang=100_000, instalment_count=2)
    payment = make_payment(100_000, pledge.instalments[0], method=Method.CHEQUE)
    assert sum(row.open_satang == 0 for row in pledge.instalments) == 2
    make_return(payment, reason=ReturnReason.CHEQUE)
    assert (opens(pledge), get_pledge(pledge.token).status) == (
        [50_000, 50_000],
        PledgeStatus.ACTIVE,
    )


def test_bug_06_two_rows_of_one_pledge_in_one_file_both_find_their_instalment(books):
    pledge = make_pledge(
        amount_satang=100_000, instalment_count=2, starts_on=MONDAY, frequency=Frequency.MONTHLY
    )
    first, second = (row.reference for row in pledge.instalments)
    lines = import_moves(Move(50_000, second, day=TUESDAY), Move(50_000, first, day=TUESDAY))
    for line, reference in zip(lines, (second, first), strict=True):
        unit_of_work(match_line, line.public_id, instalment_reference=reference, actor=OFFICER)
    assert (satang(), opens(pledge)) == ([50_000, 50_000], [0, 0])


def test_bug_07_money_after_the_page_has_expired_is_matched_and_marked_late(fake, client):
    pledge = make_single_pledge(50_000, due_on=date(2026, 11, 1))
    fake.command("expire", {"id": open_checkout(client, pledge)})
    fake.deliveries.deliver()
    (line,) = import_moves(move_of(pledge, day=date(2026, 11, 20)))
    reference = pledge.instalments[0].reference
    unit_of_work(match_line, line.public_id, instalment_reference=reference, actor=OFFICER)
    (payment,) = counting()
    (row,) = get_payment_detail(payment.public_id).allocations
    assert (row.is_late, payment.received_on) == (True, date(2026, 11, 20))


def test_bug_08_matching_leaves_the_day_of_the_gift(books):
    payment = make_payment(50_000, received_on=MONDAY)
    (line,) = import_moves(Move(50_000, "โอน", day=TUESDAY))
    unit_of_work(match_line, line.public_id, payment_public_id=payment.public_id, actor=OFFICER)
    assert [each.received_on for each in counting()] == [MONDAY]


def test_bug_09_receipts_are_counted_without_gap_and_the_year_rolls_by_itself(app, books, clock):
    def give(number):
        with app.app_context():
            make_payment(1_000 + number)

    db.session.rollback()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(give, range(12)))
    clock.move_to(datetime(2027, 9, 30, 17, 30, tzinfo=UTC))  # 1 October in Thailand
    make_payment(5_000)
    found = db.session.execute(
        db.select(Receipt.fiscal_year, Receipt.number).order_by(Receipt.fiscal_year, Receipt.number)
    )
    assert [tuple(row) for row in found] == [
        *((2570, number) for number in range(1, 13)),
        (2571, 1),
    ]


def test_bug_10_the_receipt_needs_no_browser(fake, client):
    pay_by_card(fake, client, make_pledge())
    fake.deliveries.deliver()
    (payment,) = counting()
    assert get_payment_detail(payment.public_id).receipt.number == 1


def test_bug_11_an_anonymous_gift_stays_so_when_its_giver_gives_with_a_name(books):
    values = {"name": "Aminah Sani", "email": "aminah@example.org"}
    hidden = make_payment(5_000, make_pledge(is_anonymous=True, **values).instalments[0])
    named = make_payment(6_000, make_pledge(**values).instalments[0])
    names = [get_payment_detail(each.public_id).receipt.donor_name for each in (hidden, named)]
    assert names == ["", "Aminah Sani"]
    assert counting()[0].is_anonymous


def test_bug_12_a_closed_month_takes_no_entry_and_none_is_moved(books, clock):
    clock.move_to(datetime(2026, 12, 5, 3, tzinfo=UTC))
    close_month(date(2026, 11, 1))
    with pytest.raises(PeriodClosedError):
        make_payment(5_000, received_on=TODAY)
    db.session.rollback()
    assert (rows(JournalEntry), satang()) == (0, [])


def test_bug_13_merged_donors_keep_everything_and_are_no_duplicates_any_more(fake, client):
    pledges = [
        make_pledge(name="Aminah Sani", email=f"aminah{number}@example.org") for number in (1, 2)
    ]
    pay_by_card(fake, client, pledges[0], keep="1")
    fake.deliveries.deliver()
    make_payment(5_000, pledges[1].instalments[0])
    first, second = (pledge.donor.public_id for pledge in pledges)
    unit_of_work(operations.merge_donor, first, into=second, actor=OFFICER)
    file = queries.get_donor_file(second)
    assert sorted(payment.amount_satang for payment in file.payments) == [5_000, 33_334]
    assert rows(Receipt) == 2
    assert queries.find_saved_card(pledges[0].id) is not None
    sign_in(client, make_user(Role.FUND_OFFICER))
    assert first not in client.get("/donors?q=Aminah").text


def test_bug_14_the_notice_and_the_return_at_once_make_one_payment(app, fake, client):
    pledge = make_pledge()
    pay_by_card(fake, client, pledge)
    session = fake.world.all("checkout.session")[0]["id"]
    notices = [fake.deliveries.signed(event) for event in fake.deliveries.waiting]
    back = f"/pledges/{pledge.token}/paid?page={session}"
    db.session.rollback()
    with ThreadPoolExecutor(4) as pool:
        told = [pool.submit(send_notice, app.test_client(), *notice) for notice in notices]
        came = pool.submit(app.test_client().get, back)
        assert {each.result().status_code for each in told} == {200}
        assert came.result().status_code == 303
    assert satang() == [33_334]


def test_bug_15_a_refund_made_at_the_processor_is_booked_by_itself(fake, client):
    intent = pay_by_card(fake, client, make_pledge())
    fake.deliveries.deliver()
    fake.command("refund", {"id": intent})
    fake.deliveries.deliver()
    assert satang() == []
    (payment,) = db.session.scalars(db.select(Payment)).unique()
    assert payment.return_reason is ReturnReason.REFUND


def test_bug_16_a_frozen_fund_reminds_nobody(books, clock):
    make_pledge(starts_on=TODAY + timedelta(days=3))
    make_pledge(starts_on=TODAY + timedelta(days=3), fund_code="SCHOLARSHIP")
    unit_of_work(freeze_fund, "GENERAL", actor=OFFICER)
    send_reminders(actor=WORKER)
    found = db.select(MailMessage.about_ref).where(MailMessage.stop_url != "")
    reminded = {int(ref) for ref in db.session.scalars(found)}
    scholarship = db.select(Pledge.id).where(Pledge.fund_code == "SCHOLARSHIP")
    assert reminded == set(db.session.scalars(scholarship))


def test_bug_17_a_part_refunded_months_later_leaves_the_closed_month_alone(fake, client, clock):
    intent = pay_by_card(fake, client, make_pledge())
    fake.deliveries.deliver()
    close_month()
    before = trial_balance(date(2026, 11, 30))
    clock.shift(timedelta(days=60))
    fake.command("refund", {"id": intent, "amount": "10000"})
    fake.deliveries.deliver()
    assert satang() == [23_334]
    assert trial_balance(date(2026, 11, 30)) == before


def test_bug_18_an_import_that_fails_leaves_nothing_behind(books):
    data = statement_file([Move(50_000), Move(20_000)])
    with pytest.raises(StatementRejected):
        do_import(data.replace(b"200.00", b"210.00", 1))
    db.session.rollback()
    assert (rows(Statement), rows(StatementLine)) == (0, 0)
