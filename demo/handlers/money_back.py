"""Slips that donors sent, and refunds on each step of their way, at the end of the history."""

from collections.abc import Callable, Iterator

from sqlalchemy import select

from demo import funds
from demo.handlers.grants import agree
from demo.practice_files import open_instalments
from demo.proof_images import proof_image
from demo.state import DemoState
from fundapp import clock
from fundapp.access.actors import VISITOR
from fundapp.db import db
from fundapp.documents.intake import accept
from fundapp.giving import operations
from fundapp.giving.drafts import GiverAccount, IncomingPayment
from fundapp.giving.kinds import REFUND
from fundapp.giving.models import (
    Designation,
    Instalment,
    Method,
    Payment,
    PaymentStatus,
    Receipt,
    RefundOrder,
    RefundRefusal,
    RefundWay,
)
from fundapp.giving.queries.refunds import newest_account
from fundapp.giving.slips.codes import SlipCode
from fundapp.giving.slips.operations import send_slip
from fundapp.ledger import chart

#: What is asked for of each gift, in satang, and the least that such a gift is of.
_PART, _LEAST = 10_000, 20_000
_MOST = 20


def send_slips(state: DemoState) -> None:
    """A slip that waits, whose transfer is in the file to practise with, and a confirmed one."""
    waiting, booked = open_instalments(funds.MAIN_ACCOUNT, "")[:2]
    _send(booked, "2", SlipCode("014", "DEMO0000000002"))
    operations.receive_payment(
        IncomingPayment(
            booked.open_satang,
            clock.today(),
            Method.TRANSFER,
            funds.MAIN_ACCOUNT.account_code,
            instalment_reference=booked.reference,
        ),
        actor=state.people.officer(1),
    )
    _send(waiting, "1", SlipCode("004", "DEMO0000000001"))


def _send(instalment: Instalment, name: str, code: SlipCode) -> None:
    send_slip(
        instalment.pledge.token,
        number=str(instalment.number),
        slip=accept(proof_image(f"TRANSFER {name}")),
        code=code,
        actor=VISITOR,
    )


def refund_gifts(state: DemoState) -> None:
    """A wish, and a refund in each state that a person deals with."""
    transfers, cash = _gifts(Method.TRANSFER, Method.PROMPTPAY), _gifts(Method.CASH)
    operations.ask_for_refund(next(transfers).public_id, _PART, RefundWay.TRANSFER, actor=VISITOR)
    _confirm(state, next(transfers), RefundWay.TRANSFER)
    steps: tuple[Callable[[DemoState, str], None], ...] = (_enter, _verify, _pay)
    for last in range(1, len(steps) + 1):
        ref = _confirm(state, next(transfers), RefundWay.TRANSFER)
        for step in steps[:last]:
            step(state, ref)
    _confirm(state, next(cash), RefundWay.CASH)
    handed_over = _confirm(state, next(cash), RefundWay.CASH)
    operations.pay_refund(
        handed_over,
        paid_on=clock.today(),
        account_code=chart.CASH_ON_HAND,
        actor=state.people.officer(3),
    )
    cancelled = _confirm(state, next(transfers), RefundWay.TRANSFER)
    operations.cancel_office_refund(
        cancelled, reason=RefundRefusal.CHANGED_MIND, actor=state.people.officer(1)
    )


def _gifts(*methods: Method) -> Iterator[Payment]:
    """The newest gifts to the general fund that came in such a way and name their giver."""
    found = (
        select(Payment)
        .join(Designation, Designation.payment_id == Payment.id)
        .join(Receipt, Receipt.payment_id == Payment.id)
        .where(
            Payment.status == PaymentStatus.RECEIVED,
            Payment.method.in_(methods),
            Payment.amount_satang >= _LEAST,
            Designation.fund_code == funds.GENERAL,
            Receipt.voided_at.is_(None),
        )
        .order_by(Payment.id.desc())
        .limit(_MOST)
    )
    return iter(db.session.scalars(found).unique().all())


def _confirm(state: DemoState, payment: Payment, way: RefundWay) -> str:
    agree(state, REFUND, payment.public_id, {"amount": _PART, "way": str(way)})
    newest = select(RefundOrder).order_by(RefundOrder.id.desc()).limit(1)
    return db.session.scalars(newest).one().public_id


def _enter(state: DemoState, ref: str) -> None:
    account = GiverAccount("006", "9800000001", "ตัวอย่าง สมมุติ")
    operations.enter_refund_account(ref, account, actor=VISITOR)


def _verify(state: DemoState, ref: str) -> None:
    operations.verify_refund_account(ref, _newest(ref), actor=state.people.officer(3))


def _pay(state: DemoState, ref: str) -> None:
    operations.pay_refund(
        ref,
        paid_on=clock.today(),
        account_code=funds.MAIN_ACCOUNT.account_code,
        seen=_newest(ref),
        actor=state.people.officer(1),
    )


def _newest(ref: str) -> str:
    order_id = db.session.scalars(select(RefundOrder.id).where(RefundOrder.public_id == ref)).one()
    account = newest_account(order_id)
    return str(account.id) if account else ""
