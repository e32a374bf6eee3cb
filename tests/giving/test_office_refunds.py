"""Refunds that the office pays: asked for, confirmed, verified, paid by different people, seen."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.access.permissions import Role
from fundapp.audit.checks import CHECKS, Run, run_checks
from fundapp.banking.matching.operations import match_line
from fundapp.banking.matching.queries import list_returnable
from fundapp.banking.statement_files.queries import get_line
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.giving import operations
from fundapp.giving.drafts import GiverAccount
from fundapp.giving.errors import (
    AlreadyAskedError,
    NothingToPayError,
    NotRefundableError,
    PaymentReversedError,
    RefundAmountError,
    RefundDayError,
    RefundHandsError,
    RefundStepError,
    RefundWayError,
)
from fundapp.giving.kinds import REFUND
from fundapp.giving.models import (
    Method,
    Payment,
    PaymentStatus,
    PledgeStatus,
    Receipt,
    RefundAccount,
    RefundOrder,
    RefundPayment,
    RefundRefusal,
    RefundRequest,
    RefundRequestStatus,
    RefundWay,
    ReturnReason,
    ShareUnit,
)
from fundapp.giving.queries import count_open_refunds, get_refund
from fundapp.giving.receipts.keys import owner_key
from fundapp.giving.shares import ShareTerms
from fundapp.giving.workflow import RefundStep
from fundapp.identity.models import Delivery
from fundapp.identity.operations import reset_sign_in
from fundapp.ledger import chart
from fundapp.ledger.drafts import EntryDraft, PostingDraft, entry_number
from fundapp.ledger.errors import AccountShortError, InsufficientFundsError
from fundapp.ledger.models import EntryKind, JournalEntry, Posting
from fundapp.ledger.operations import post_entry
from fundapp.ledger.queries import fund_available, list_shortages
from fundapp.mail.models import MailMessage
from fundapp.proposals.operations import make_proposal
from tests.audit.tampering import tampered
from tests.documents.pictures import pdf
from tests.factories.actors import AUDITOR, OFFICER, VISITOR
from tests.factories.banking import Move, import_moves, make_bank_account, transfer_out
from tests.factories.books import close_month, make_approval
from tests.factories.giving import make_payment, make_pledge
from tests.factories.identity import confirm_open_proposals, make_user, sign_in
from tests.factories.slips import make_slip, slip_picture
from tests.giving.receipts.copied_text import copied_text, needs_pdftotext

TODAY = date(2026, 11, 24)
ACCOUNT = GiverAccount("006", "9876543210", "Aminah Sani")


def confirmed(payment, satang, way=RefundWay.TRANSFER):
    """A refund that two people decided, new each time."""
    asker = make_user(Role.FUND_OFFICER).as_actor()
    after = {"amount": satang, "way": way}
    unit_of_work(make_proposal, REFUND, payment.public_id, after, actor=asker)
    confirm_open_proposals()
    db.session.expire_all()
    order = db.session.scalars(db.select(RefundOrder).order_by(RefundOrder.id.desc())).first()
    return order.public_id


def staff():
    return make_user(Role.FUND_OFFICER).as_actor()


def newest():
    found = db.session.scalars(db.select(RefundAccount).order_by(RefundAccount.id.desc())).first()
    return str(found.id)


def verified(ref, account=ACCOUNT):
    """The giver entered an account, and one of the office verified it: who, and its id."""
    unit_of_work(operations.enter_refund_account, ref, account, actor=VISITOR)
    person = staff()
    unit_of_work(operations.verify_refund_account, ref, newest(), actor=person)
    return person, newest()


def pay(ref, seen="", actor=None, account=chart.BANK_MAIN, on=None):
    values = {"paid_on": on or TODAY, "account_code": account, "seen": seen}
    return unit_of_work(operations.pay_refund, ref, **values, actor=actor or staff())


def balance(account, fund="GENERAL"):
    found = db.session.execute(db.select(Posting).where(Posting.fund_code == fund)).scalars()
    return sum(
        p.amount_satang * ((p.debit_account_code == account) - (p.credit_account_code == account))
        for p in found
    )


def counting():
    query = db.select(Payment).where(Payment.status == PaymentStatus.RECEIVED)
    return [p.amount_satang for p in db.session.scalars(query.order_by(Payment.id))]


def broken_checks():
    return [r for r in run_checks() if r.violations and not r.check.is_warning]


def subjects():
    query = db.select(MailMessage).order_by(MailMessage.id)
    return [message.subject for message in db.session.scalars(query)]


def test_a_part_of_a_transfer_from_the_wish_to_the_bank(funds, client):
    """Every step, through the pages, with what the giver sees of it."""
    make_bank_account()
    pledge = make_pledge(locale="en")
    payment = make_payment(40_000, pledge.instalments[0])
    first, second, _third = pledge.instalments
    assert (first.open_satang, second.paid_satang) == (0, 6_666)
    receipt = db.session.scalars(db.select(Receipt)).one()
    own = f"/receipts/{receipt.code}/refund?key={owner_key(receipt.code)}"
    client.set_cookie("lang", "en")
    assert client.get(own.partition("?")[0]).status_code == 404
    assert client.post(own, data={"amount": "400.01", "way": "transfer"}).status_code == 422
    assert client.post(own, data={"amount": "150", "way": "transfer"}).status_code == 303
    assert client.post(own, data={"amount": "150", "way": "transfer"}).status_code == 422
    assert "Asked for" in client.get(own).text

    asker = make_user(Role.FUND_OFFICER)
    sign_in(client, asker)
    assert receipt.label in client.get("/refunds").text
    data = {"amount": "150", "way": "transfer"}
    address = f"/payments/{payment.public_id}/refund"
    assert client.post(address, data=data).status_code == 303
    assert counting() == [40_000]
    confirm_open_proposals()
    db.session.expire_all()
    assert (counting(), fund_available("GENERAL")) == ([25_000], 25_000)
    assert (balance(chart.BANK_MAIN), balance(chart.REFUNDS_PAYABLE)) == (40_000, -15_000)
    assert (first.paid_satang, second.paid_satang) == (25_000, 0)
    assert db.session.scalars(db.select(RefundRequest)).one().status == "taken_up"
    asked = db.session.scalars(db.select(Receipt).order_by(Receipt.id)).all()
    assert [(each.voided_at is None, each.amount_satang) for each in asked] == [
        (False, 40_000),
        (True, 25_000),
    ]
    (order,) = db.session.scalars(db.select(RefundOrder))
    page = f"/refunds/{order.public_id}"
    assert "Waits for the giver" in client.get(page).text

    client.delete_cookie("sid")
    giver = f"/receipts/{receipt.code}/refund/account/{order.public_id}{own[own.index('?') :]}"
    data = {"bank": "006", "number": "12", "holder": "Aminah Sani"}
    assert "10 to 15 digits" in client.post(giver, data=data).text
    assert client.post(giver, data={**data, "number": "987-6-54321-0"}).status_code == 303
    row = db.session.scalars(db.select(RefundAccount)).one()
    assert b"9876543210" not in row.account_encrypted

    sign_in(client, asker)
    assert "9876543210" in client.get(page).text
    assert client.post(f"{page}/verify", data={"seen": row.id}).status_code == 303
    data = {"seen": row.id, "paid_on": "24/11/2569", "account": chart.BANK_MAIN}
    answer = client.post(f"{page}/pay", data=data)
    assert (answer.status_code, "Another person" in answer.text) == (422, True)
    payer = make_user(Role.FUND_OFFICER)
    sign_in(client, payer)
    assert client.post(f"{page}/pay", data=data).status_code == 303
    assert client.post(f"{page}/pay", data=data).status_code == 409
    assert (balance(chart.BANK_MAIN), balance(chart.REFUNDS_PAYABLE)) == (25_000, 0)
    assert get_refund(order.public_id).step is RefundStep.PAID

    (line,) = import_moves(transfer_out(15_000, day=TODAY), to_on=TODAY)
    paid = db.session.scalars(db.select(RefundPayment)).one()
    number = entry_number(paid.journal_entry_id)
    assert "as a refund of a gift" in client.get(f"/bank/lines/{line.public_id}").text
    unit_of_work(match_line, line.public_id, entry_number=number, actor=OFFICER)
    assert get_refund(order.public_id).seen_on == TODAY
    client.delete_cookie("sid")
    assert "seen in the bank" in client.get(own).text
    assert broken_checks() == []
    assert subjects()[1:] == [
        "We have your wish for a refund of 150.00 baht",
        f"The part of your gift that stays – receipt {asked[1].label}",
        "The refund of 150.00 baht is confirmed",
        "The refund of 150.00 baht is paid",
    ]


@needs_pdftotext
@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("method", "account", "way"),
    [
        (Method.CASH, chart.CASH_ON_HAND, RefundWay.CASH),
        (Method.CHEQUE, chart.BANK_MAIN, RefundWay.TRANSFER),
        (Method.PROMPTPAY, chart.BANK_MAIN, RefundWay.TRANSFER),
    ],
)
def test_all_of_a_gift_in_any_way(funds, client, tmp_path, method, account, way):
    pledge = make_pledge(instalment_count=1, amount_satang=90_000)
    payment = make_payment(90_000, pledge.instalments[0], method=method, asset_account_code=account)
    assert pledge.status is PledgeStatus.COMPLETED
    ref = confirmed(payment, 90_000, way)
    assert (counting(), pledge.status) == ([], PledgeStatus.ACTIVE)
    seen = verified(ref)[1] if way is RefundWay.TRANSFER else ""
    if way is RefundWay.CASH:
        sign_in(client, make_user(Role.FUND_OFFICER))
        paper = client.get(f"/refunds/{ref}/voucher.pdf?lang=en").data
        assert "Paidoutby" in copied_text(paper, tmp_path)
        with pytest.raises(RefundStepError):
            unit_of_work(operations.enter_refund_account, ref, ACCOUNT, actor=VISITOR)
    pay(ref, seen, account=account)
    assert (balance(account), balance(chart.REFUNDS_PAYABLE)) == (0, 0)
    if way is RefundWay.CASH:
        file_the_voucher(client, f"/refunds/{ref}")
    expected = RefundStep.HANDED_OVER if way is RefundWay.CASH else RefundStep.PAID
    assert get_refund(ref).step is expected
    assert broken_checks() == []


def file_the_voucher(client, page):
    """What was handed over is on the list of what is to do until its voucher is filed."""
    client.set_cookie("lang", "en")
    assert "Signed voucher missing" in client.get("/refunds").text
    assert count_open_refunds() == 1
    assert "File the voucher that the giver signed" in client.get(page).text
    assert client.post(f"{page}/papers").status_code == 422
    data = {"paper": (BytesIO(pdf()), "voucher.pdf")}
    assert client.post(f"{page}/papers", data=data).status_code == 303
    (paper,) = re.findall(rf"{page}/papers/[^\"]+", client.get(page).text)[:1]
    assert client.get(paper).data[:5] == b"%PDF-"
    other = client.get(paper.replace(page, "/refunds/other"))
    assert (other.status_code, count_open_refunds()) == (404, 0)
    assert "No refunds here" in client.get("/refunds").text


@pytest.mark.sqlite
def test_who_decides_is_told_that_the_bank_has_not_shown_the_gift(funds, client):
    """Also of what is kept of it; not of cash, nor once its line is matched."""
    make_bank_account()
    waits = "bank has not shown this gift yet"
    client.set_cookie("lang", "en")
    sign_in(client, make_user(Role.FUND_OFFICER))
    cash = make_payment(5_000, method=Method.CASH, asset_account_code=chart.CASH_ON_HAND)
    assert waits not in client.get(f"/payments/{cash.public_id}").text
    payment = make_payment(50_000, method=Method.CHEQUE)
    address = f"/payments/{payment.public_id}/refund"
    assert waits in client.get(address.removesuffix("/refund")).text
    asked = client.post(address, data={"amount": "200", "way": "transfer"}).location
    assert waits in client.get(asked).text
    confirm_open_proposals()
    db.session.expire_all()
    order = db.session.scalars(db.select(RefundOrder)).one()
    kept = db.session.get_one(Payment, get_refund(order.public_id).office.kept_id)
    pages = (f"/refunds/{order.public_id}", f"/payments/{kept.public_id}")
    assert [waits in client.get(page).text for page in pages] == [True, True]
    (line,) = import_moves(Move(50_000, day=TODAY), to_on=TODAY)
    unit_of_work(match_line, line.public_id, payment_public_id=payment.public_id, actor=OFFICER)
    assert [waits in client.get(page).text for page in pages] == [False, False]


def test_other_hands_at_each_step(funds):
    payment = make_payment(50_000)
    ref = confirmed(payment, 20_000)
    verifier, seen = verified(ref)
    with pytest.raises(RefundHandsError):
        pay(ref, seen, actor=verifier)
    with pytest.raises(ForbiddenError):
        pay(ref, seen, actor=AUDITOR)
    one = staff()
    unit_of_work(operations.enter_refund_account, ref, ACCOUNT, actor=one)
    with pytest.raises(RefundStepError):  # another account than the one that was seen
        pay(ref, seen)
    with pytest.raises(RefundHandsError):
        unit_of_work(operations.verify_refund_account, ref, newest(), actor=one)
    with pytest.raises(RefundStepError):  # not verified
        pay(ref, newest())
    unit_of_work(operations.verify_refund_account, ref, newest(), actor=staff())
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(RefundDayError):
            pay(ref, newest(), on=day)
    pay(ref, newest(), actor=one)


@pytest.mark.sqlite
def test_who_reset_the_sign_in_of_the_other_is_no_other_hand(funds):
    """Whoever made the new sign-in may be the one who used it."""
    ref = confirmed(make_payment(50_000), 20_000)
    verifier, seen = verified(ref)
    maker = make_user(Role.ADMINISTRATOR).as_actor()
    payer = staff()
    for person in (verifier, payer):
        unit_of_work(reset_sign_in, person.ref, delivery=Delivery.PAPER, actor=maker)
    with pytest.raises(RefundHandsError):
        pay(ref, seen, actor=payer)
    unit_of_work(operations.enter_refund_account, ref, ACCOUNT, actor=verifier)
    with pytest.raises(RefundHandsError):
        unit_of_work(operations.verify_refund_account, ref, newest(), actor=payer)
    unit_of_work(operations.verify_refund_account, ref, newest(), actor=staff())
    pay(ref, newest())


@pytest.mark.sqlite
def test_what_is_kept_is_no_new_money(funds, client):
    """It closes no slip, and is not reversed by itself: 2130 would be owed to nobody."""
    pledge = make_pledge()
    slip, other = make_slip(pledge), make_slip(pledge, slip_picture(None), None)
    payment = make_payment(33_334, pledge.instalments[0])
    ref = confirmed(payment, 10_000)
    unit_of_work(operations.cancel_office_refund, ref, reason=RefundRefusal.MISTAKE, actor=staff())
    db.session.expire_all()
    assert (slip.payment_id, other.payment_id) == (payment.id, None)
    office = get_refund(ref).office
    client.set_cookie("lang", "en")
    sign_in(client, make_user(Role.FUND_OFFICER))
    for part_id in (office.kept_id, office.given_again_id):
        public_id = db.session.get_one(Payment, part_id).public_id
        assert "Reverse this payment" not in client.get(f"/payments/{public_id}").text
        data = {"code": "other", "reason": "Typed wrongly"}
        answer = client.post(f"/payments/{public_id}/reverse", data=data)
        assert (answer.status_code, "kept or given again" in answer.text) == (422, True)
    assert broken_checks() == []


def test_no_more_than_was_paid_nor_than_the_fund_has(funds):
    payment = make_payment(50_000)
    for satang in (0, 50_001):
        with pytest.raises(RefundAmountError):
            confirmed(payment, satang)
    with pytest.raises(RefundWayError):
        actor = staff()
        unit_of_work(make_proposal, REFUND, payment.public_id, {"amount": 50_000}, actor=actor)
    make_approval(30_000, on=TODAY)
    actor = staff()
    after = {"amount": 20_001, "way": "transfer"}
    unit_of_work(make_proposal, REFUND, payment.public_id, after, actor=actor)
    with pytest.raises(InsufficientFundsError):
        confirm_open_proposals()
    db.session.rollback()
    assert (counting(), fund_available("GENERAL")) == ([50_000], 20_000)


@pytest.mark.sqlite
def test_what_there_is_goes_back_of_a_fund_that_spent_the_rest(funds):
    payment = make_payment(50_000)
    make_approval(30_000, on=TODAY)
    ref = confirmed(payment, 20_000)
    assert (counting(), fund_available("GENERAL")) == ([30_000], 0)
    with pytest.raises(NotRefundableError):
        confirmed(payment, 1)
    make_payment(5_000, fund_code="SCHOLARSHIP", payer_name="B", asset_account_code="1121")
    _person, seen = verified(ref)
    pay(ref, seen)
    assert broken_checks() == []


@pytest.mark.sqlite
def test_months_later_the_closed_month_stays(funds, clock):
    payment = make_payment(50_000)
    clock.shift(timedelta(days=40))
    close_month(date(2026, 11, 1))
    before = balance(chart.BANK_MAIN)
    confirmed(payment, 20_000)
    late = db.session.scalars(
        db.select(JournalEntry).where(JournalEntry.id > payment.journal_entry_id)
    ).all()
    assert {each.kind for each in late} == {EntryKind.DONATION, EntryKind.GIFT_REFUNDED}
    assert all(each.entry_on >= date(2026, 12, 1) for each in late)
    assert (counting(), balance(chart.BANK_MAIN)) == ([30_000], before)
    assert broken_checks() == []


@pytest.mark.sqlite
def test_cancelled_it_is_a_gift_again(funds):
    pledge = make_pledge(locale="en", instalment_count=1, amount_satang=50_000)
    ref = confirmed(make_payment(50_000, pledge.instalments[0]), 20_000)
    unit_of_work(
        operations.cancel_office_refund, ref, reason=RefundRefusal.CHANGED_MIND, actor=staff()
    )
    with pytest.raises(RefundStepError):
        unit_of_work(
            operations.cancel_office_refund, ref, reason=RefundRefusal.MISTAKE, actor=staff()
        )
    with pytest.raises(RefundStepError):
        verified(ref)
    assert (counting(), pledge.status) == ([30_000, 20_000], PledgeStatus.COMPLETED)
    assert (balance(chart.REFUNDS_PAYABLE), balance(chart.BANK_MAIN)) == (0, 50_000)
    assert subjects()[-1] == "The refund of 200.00 baht is cancelled"
    assert broken_checks() == []


@pytest.mark.sqlite
def test_the_bank_sends_it_back_and_another_account_is_asked_for(funds):
    ref = confirmed(make_payment(50_000), 20_000)
    seen = verified(ref)[1]
    pay(ref, seen)
    undo = operations.undo_refund_payment
    with pytest.raises(RefundDayError):
        unit_of_work(undo, ref, sent_back_on=TODAY - timedelta(days=1), actor=staff())
    unit_of_work(undo, ref, sent_back_on=TODAY, actor=staff())
    assert get_refund(ref).step is RefundStep.ACCOUNT
    assert balance(chart.REFUNDS_PAYABLE) == -20_000
    assert broken_checks() == []
    with pytest.raises(RefundStepError):  # from a tab that was open before
        pay(ref, seen)
    pay(ref, verified(ref)[1])
    assert (balance(chart.REFUNDS_PAYABLE), balance(chart.BANK_MAIN)) == (0, 30_000)
    assert broken_checks() == []


def of_funds(payment):
    return {part.fund_code: part.amount_satang for part in payment.designations}


def test_of_a_divided_gift_each_fund_gives_back_its_own_part(funds):
    """In part, the rest of it, cancelled and sent back: exact of each fund, at every step."""
    shares = (ShareTerms("GENERAL", 33_333), ShareTerms("SCHOLARSHIP", 16_667))
    pledge = make_pledge(
        shares=shares, share_unit=ShareUnit.AMOUNT, amount_satang=50_000, instalment_count=1
    )
    payment = make_payment(50_000, pledge.instalments[0])
    assert of_funds(payment) == {"GENERAL": 33_333, "SCHOLARSHIP": 16_667}
    with pytest.raises(NothingToPayError):
        unit_of_work(operations.begin_checkout, pledge.token, "1", actor=VISITOR)

    ref = confirmed(payment, 20_001)
    kept = db.session.get_one(Payment, get_refund(ref).office.kept_id)
    assert of_funds(kept) == {"GENERAL": 19_999, "SCHOLARSHIP": 10_000}
    owed = {"GENERAL": -13_334, "SCHOLARSHIP": -6_667}
    assert {fund: balance(chart.REFUNDS_PAYABLE, fund) for fund in owed} == owed
    assert (fund_available("GENERAL"), fund_available("SCHOLARSHIP")) == (19_999, 10_000)
    pay(ref, verified(ref)[1])
    assert [balance(chart.BANK_MAIN, fund) for fund in owed] == [19_999, 10_000]
    unit_of_work(operations.undo_refund_payment, ref, sent_back_on=TODAY, actor=staff())
    assert {fund: balance(chart.REFUNDS_PAYABLE, fund) for fund in owed} == owed
    assert broken_checks() == []

    cancel, mistake = operations.cancel_office_refund, RefundRefusal.MISTAKE
    again = unit_of_work(cancel, ref, reason=mistake, actor=staff())
    assert of_funds(again) == {"GENERAL": 13_334, "SCHOLARSHIP": 6_667}
    whole = confirmed(kept, 29_999)
    assert (counting(), fund_available("GENERAL")) == ([20_001], 13_334)
    back = unit_of_work(cancel, whole, reason=mistake, actor=staff())
    assert of_funds(back) == {"GENERAL": 19_999, "SCHOLARSHIP": 10_000}
    rest = confirmed(again, 20_001)
    pay(rest, verified(rest)[1])
    assert [balance(chart.BANK_MAIN, fund) for fund in owed] == [19_999, 10_000]
    assert [balance(chart.REFUNDS_PAYABLE, fund) for fund in owed] == [0, 0]
    assert (counting(), pledge.instalments[0].open_satang) == ([29_999], 20_001)
    assert broken_checks() == []


def cheque(satang=50_000):
    """A cheque for a divided pledge, two thirds and one third."""
    shares = (ShareTerms("GENERAL", 6_667), ShareTerms("SCHOLARSHIP", 3_333))
    pledge = make_pledge(
        shares=shares,
        share_unit=ShareUnit.PERCENT,
        amount_satang=satang,
        instalment_count=1,
        locale="en",
    )
    return make_payment(satang, pledge.instalments[0], method=Method.CHEQUE)


def bounced(payment):
    values = {"reason": ReturnReason.CHEQUE, "returned_on": TODAY}
    unit_of_work(operations.return_payment, payment.public_id, **values, actor=OFFICER)
    db.session.expire_all()


def of_both(account):
    return [balance(account, fund) for fund in ("GENERAL", "SCHOLARSHIP")]


def shortages():
    return {code: each.satang for code, each in list_shortages().items()}


@pytest.mark.one_case
@pytest.mark.parametrize("is_paid", [False, True])
def test_a_cheque_bounces_after_a_part_was_refunded(funds, client, is_paid):
    """From its line of the bank; what the giver has already is the funds' loss, at once."""
    make_bank_account()
    payment = cheque()
    ref = confirmed(payment, 20_000)
    if is_paid:
        pay(ref, verified(ref)[1])
    make_approval(1_000, on=TODAY)
    (line,) = import_moves(transfer_out(50_000, day=TODAY), to_on=TODAY)
    (choice,) = list_returnable(get_line(line.public_id))
    assert choice.payment.public_id == payment.public_id
    sign_in(client, make_user(Role.FUND_OFFICER))
    data = {"payment": payment.public_id, "return_reason": "cheque"}
    assert client.post(f"/bank/lines/{line.public_id}/return", data=data).status_code == 303
    db.session.expire_all()
    assert get_line(line.public_id).status == "matched"
    assert (counting(), of_both(chart.REFUNDS_PAYABLE)) == ([], [0, 0])
    lost = [13_334, 6_666] if is_paid else [0, 0]
    assert of_both(chart.REFUNDED_AND_TAKEN_BACK) == lost
    assert of_both(chart.BANK_MAIN) == [-satang for satang in lost]
    spent = {"GENERAL": lost[0] + 1_000, "SCHOLARSHIP": lost[1]}
    assert shortages() == {code: satang for code, satang in spent.items() if satang}
    expected = RefundStep.PAID if is_paid else RefundStep.CANCELLED
    assert get_refund(ref).step is expected
    assert payment.pledge.instalments[0].open_satang == 50_000
    assert list_returnable(get_line(line.public_id)) == []
    with pytest.raises(PaymentReversedError):
        bounced(payment)
    assert broken_checks() == []


@pytest.mark.sqlite
def test_a_cheque_bounces_after_all_of_it_was_refunded_in_parts(funds):
    """From the page of what is kept, with a part that is a gift again and one that waits."""
    payment = cheque()
    make_payment(70_000)
    make_payment(10_000, fund_code="SCHOLARSHIP", payer_name="B")
    ref = confirmed(payment, 20_000)
    cancel, mistake = operations.cancel_office_refund, RefundRefusal.MISTAKE
    unit_of_work(cancel, ref, reason=mistake, actor=staff())
    kept = db.session.get_one(Payment, get_refund(ref).office.kept_id)
    second = confirmed(kept, 10_000)
    pay(second, verified(second)[1])
    third = confirmed(db.session.get_one(Payment, get_refund(second).office.kept_id), 20_000)
    assert counting() == [70_000, 10_000, 20_000]
    bounced(db.session.get_one(Payment, get_refund(ref).office.given_again_id))
    assert (counting(), of_both(chart.REFUNDS_PAYABLE)) == ([70_000, 10_000], [0, 0])
    assert sum(of_both(chart.REFUNDED_AND_TAKEN_BACK)) == 10_000
    assert sum(of_both(chart.BANK_MAIN)) == 70_000
    assert get_refund(third).step is RefundStep.CANCELLED
    whole = cheque(9_000)
    ref = confirmed(whole, 9_000)
    pay(ref, verified(ref)[1])
    bounced(whole)
    assert sum(of_both(chart.REFUNDED_AND_TAKEN_BACK)) == 19_000
    assert broken_checks() == []
    for credited, debited in (("1121", "2110"), ("1110", "2130")):
        with pytest.raises(Exception, match="leaves the bank"):
            take(credited, debited)


def take(credited, debited):
    """An entry by raw means: the database holds what such an entry may be."""
    draft = EntryDraft(
        kind=EntryKind.GIFT_TAKEN,
        entry_on=TODAY,
        memo="The bank returned the cheque",
        postings=[PostingDraft("GENERAL", debited, credited, 1)],
        source_type="payment",
        source_ref="x",
        maker=OFFICER.ref,
        idempotency_key="gift-taken:x",
    )
    unit_of_work(post_entry, draft, actor=OFFICER)


def test_a_cash_box_is_never_below_zero(funds):
    payment = make_payment(50_000, method=Method.CASH, asset_account_code=chart.CASH_ON_HAND)
    make_payment(10_000)
    ref = confirmed(payment, 50_000, RefundWay.TRANSFER)
    seen = verified(ref)[1]
    with pytest.raises(AccountShortError):
        pay(ref, seen)


@pytest.mark.sqlite
def test_a_wish_is_withdrawn_or_refused_with_a_reason(funds, client):
    pledge = make_pledge(locale="en")
    payment = make_payment(30_000, pledge.instalments[0])
    receipt = db.session.scalars(db.select(Receipt)).one()
    key = owner_key(receipt.code)
    own = f"/receipts/{receipt.code}/refund"
    client.set_cookie("lang", "en")
    data = {"amount": "100", "way": "cash"}
    assert client.post(f"{own}?key={key}", data=data).status_code == 303
    with pytest.raises(AlreadyAskedError):
        unit_of_work(operations.ask_for_refund, payment.public_id, 1, RefundWay.CASH, actor=VISITOR)
    assert client.post(f"{own}/withdraw?key={key}").status_code == 303
    assert client.post(f"{own}/withdraw?key={key}").status_code == 409
    assert client.post(f"{own}?key={key}", data=data).status_code == 303
    sign_in(client, make_user(Role.FUND_OFFICER))
    page = client.get(f"/payments/{payment.public_id}").text
    assert "the giver asked to have 100.00 baht back. Cash at the office." in page
    assert 'value="100.00"' in page
    wish = db.session.scalars(
        db.select(RefundRequest).where(RefundRequest.status == RefundRequestStatus.OPEN)
    ).one()
    address = f"/refunds/asked/{wish.public_id}/refuse"
    assert client.post(address).status_code == 422
    assert client.post(address, data={"why": "used"}).status_code == 303
    client.delete_cookie("sid")
    shown = client.get(f"{own}?key={key}").text
    assert "passed on to children already" in shown
    assert "Withdrawn by the giver" in shown
    assert subjects()[-1] == "The refund of 100.00 baht is refused"
    assert counting() == [30_000]


@pytest.fixture
def several(funds, build_once):
    """A refund that was paid, one that was cancelled, a wish, and one that waits to be paid."""
    build_once("giving/office-refunds", _several)


def _several():
    ref = confirmed(make_payment(50_000), 20_000)
    pay(ref, verified(ref)[1])
    other = confirmed(make_payment(60_000), 20_000)
    unit_of_work(
        operations.cancel_office_refund, other, reason=RefundRefusal.MISTAKE, actor=staff()
    )
    wanted = make_payment(10_000)
    unit_of_work(operations.ask_for_refund, wanted.public_id, 1_000, RefundWay.CASH, actor=VISITOR)
    verified(confirmed(make_payment(70_000), 70_000))


@pytest.mark.sqlite
def test_today_counts_what_the_list_shows(several, client):
    client.set_cookie("lang", "en")
    sign_in(client, make_user(Role.ADMINISTRATOR))
    assert "Refunds to deal with" in client.get("/today").text
    page = client.get("/refunds").text
    assert page.count('<th scope="row"') == count_open_refunds() == 2
    assert client.get("/refunds/all").text.count('<th scope="row"') == 3


FROZEN = [
    "UPDATE refund_requests SET amount_satang = 1",
    "UPDATE refund_requests SET status = 'refused', decided_at = asked_at",
    "DELETE FROM refund_requests",
    "UPDATE office_refunds SET approved_by = asked_by",
    "UPDATE office_refunds SET asked_by = 'me'",
    "UPDATE office_refunds SET cancelled_for = 'mistake', given_again_id = (SELECT id FROM"
    " payments LIMIT 1) WHERE order_id IN (SELECT order_id FROM refund_payments)",
    "DELETE FROM office_refunds",
    "UPDATE refund_accounts SET verified_by = 'me'",
    "UPDATE refund_accounts SET entered_by = verified_by",
    "UPDATE refund_accounts SET account_encrypted = NULL",
    "DELETE FROM refund_accounts",
    "UPDATE refund_payments SET paid_by = verified_by",
    "UPDATE refund_payments SET amount_satang = 1",
    "DELETE FROM refund_payments",
    "INSERT INTO office_refunds (order_id, way, asked_by, approved_by) SELECT id, 'cash', 'a',"
    " 'a' FROM refund_orders LIMIT 1",
]


def test_the_tables_keep_who_did_what(several):
    for statement in FROZEN:
        with pytest.raises(
            DBAPIError, match=r"frozen|kept|two_people|refused_with|append-only|NULL|null|UNIQUE"
        ):
            unit_of_work(lambda sql=statement: db.session.execute(text(sql)))


AROUND = [
    ("paid_by = 'nobody', verified_by = 'nobody'", "paid_by_another|FOREIGN KEY|foreign key"),
    ("paid_by = approved_by", "paid_by_another"),
    ("amount_satang = 1", "what was confirmed"),
    ("account_id = NULL, verified_by = NULL", "account_verified"),
]


def test_nobody_pays_around_the_steps(several):
    """A payment by raw SQL of the refund that waits to be paid, right but for one thing."""
    for changed, name in AROUND:
        sql = text(payment_by_hand(changed))
        with pytest.raises(DBAPIError, match=name):
            unit_of_work(db.session.execute, sql)


def payment_by_hand(changed):
    values = {
        "id": "1",
        "voucher": "'RF1'",
        "order_id": "a.order_id",
        "way": "'transfer'",
        "account_id": "a.id",
        "verified_by": "a.verified_by",
        "approved_by": "r.approved_by",
        "paid_by": "'somebody'",
        "amount_satang": "o.amount_satang",
        "account_code": "'1121'",
        "paid_on": "'2026-11-24'",
        "journal_entry_id": "(SELECT min(id) FROM journal_entries)",
        "recorded_at": "r.stamp",
    }
    for each in changed.split(", "):
        column, _, value = each.partition(" = ")
        values[column] = f"r.{value}" if value == "approved_by" else value
    return f"""
        INSERT INTO refund_payments ({", ".join(values)})
        SELECT {", ".join(values.values())}
        FROM refund_accounts a
        JOIN (SELECT r.*, o.ordered_at AS stamp FROM office_refunds r
            JOIN refund_orders o ON o.id = r.order_id) r ON r.order_id = a.order_id
        JOIN refund_orders o ON o.id = a.order_id
        WHERE o.status = 'waiting'
    """


#: What is done by hand, and the checks that turn red.
BROKEN = {
    "UPDATE refund_orders SET amount_satang = amount_satang + 1 WHERE status = 'waiting'": {
        "owed",
        "parts",
    },
    "UPDATE office_refunds SET kept_id = NULL": {"parts"},
    "UPDATE refund_payments SET paid_by = 'nobody'": {"paid"},
    "UPDATE refund_orders SET status = 'paid' WHERE status = 'refused'": {"parts", "paid"},
}


def test_each_check_turns_red(several):
    names = {check.name: check for check in CHECKS if check.name.startswith("refunds.")}
    found = {}
    for statement in BROKEN:
        with tampered(statement):
            red = {name for name, check in names.items() if list(Run().find(check))}
        found[statement] = {name.removeprefix("refunds.") for name in red}
    assert found == BROKEN
