"""Reading refunds: what donors ask for, and how far each refund is."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload

from fundapp.access.actors import VISITOR, Actor
from fundapp.db import count_rows, db
from fundapp.documents.models import Document
from fundapp.documents.queries import list_documents
from fundapp.errors import NotFoundError
from fundapp.giving.models import (
    OfficeRefund,
    Payment,
    PaymentStatus,
    Receipt,
    RefundAccount,
    RefundOrder,
    RefundPayment,
    RefundRequest,
    RefundRequestStatus,
    RefundStatus,
    RefundWay,
)
from fundapp.giving.receipts.queries import find_receipt_of
from fundapp.giving.reversals import find_day_in_bank, find_shown_by_bank
from fundapp.giving.workflow import RefundStep, refund_step
from fundapp.ledger import chart
from fundapp.ledger.models import AccountUse, JournalEntry, Posting
from fundapp.paging import Page, int_key, page_of
from fundapp.proposals.resets import may_be_one_person

#: The kind of thing that signed vouchers of refunds belong to.
VOUCHERS = "refund"
#: How many wishes a list shows, and how many refunds a page.
_MOST, _PAGE_SIZE = 100, 50
_USES = {RefundWay.TRANSFER: AccountUse.BANK, RefundWay.CASH: AccountUse.CASH}


@dataclass(frozen=True, slots=True)
class RefundDetail:
    """A refund with everything that is known of it. Of one through the card processor there are
    only the order and its payment.
    """

    order: RefundOrder
    payment: Payment
    receipt: Receipt | None
    office: OfficeRefund | None = None
    account: RefundAccount | None = None
    paid: RefundPayment | None = None
    seen_on: date | None = None
    kept_receipt: Receipt | None = None
    again_receipt: Receipt | None = None
    sent_back: Sequence[RefundPayment] = ()
    vouchers: Sequence[Document] = ()

    @property
    def lacks_voucher(self) -> bool:
        """Whether it was handed over in cash and the signed voucher is not filed yet."""
        is_cash = self.paid is not None and self.paid.way is RefundWay.CASH
        return is_cash and not self.vouchers

    @property
    def step(self) -> RefundStep:
        """How far it is."""
        if self.office is None:
            return refund_step(self.order.status)
        return refund_step(
            self.order.status,
            self.office.way,
            has_account=self.account is not None,
            is_verified=self.account is not None and self.account.verified_by is not None,
            is_seen=self.seen_on is not None,
        )


def get_refund(order_ref: str) -> RefundDetail:
    """A refund; NotFoundError."""
    order = db.session.scalar(select(RefundOrder).where(RefundOrder.public_id == order_ref))
    if order is None:
        raise NotFoundError
    return _detail(order)


def list_refunds(*, only_open: bool, after: str | None = None) -> Page[RefundDetail]:
    """Refunds that two people confirmed, the newest first, by key; only those on their way and
    those whose signed voucher is still to be filed, or all.
    """
    statement = select(RefundOrder).options(joinedload(RefundOrder.payment))
    key = int_key(after)
    if key is not None:
        statement = statement.where(RefundOrder.id < key)
    if only_open:
        on_its_way = (RefundStatus.ORDERED, RefundStatus.WAITING)
        statement = statement.where(RefundOrder.status.in_(on_its_way) | _lacks_voucher())
    newest = statement.order_by(RefundOrder.id.desc()).limit(_PAGE_SIZE + 1)
    found = page_of(list(db.session.scalars(newest).unique()), _PAGE_SIZE, lambda row: row.id)
    return Page([_detail(order) for order in found.rows], found.next_key)


def require_refund_request(public_id: str) -> None:
    """NotFoundError when nobody asked for that refund."""
    known = select(RefundRequest.id).where(RefundRequest.public_id == public_id)
    if db.session.scalar(known) is None:
        raise NotFoundError


def list_refund_requests() -> list[RefundRequest]:
    """What donors ask for and nobody decided, the oldest first."""
    found = (
        select(RefundRequest)
        .where(RefundRequest.status == RefundRequestStatus.OPEN)
        .options(joinedload(RefundRequest.payment))
        .order_by(RefundRequest.id)
        .limit(_MOST)
    )
    return list(db.session.scalars(found).unique())


def find_refund_request(payment: Payment) -> RefundRequest | None:
    """What the donor asks for of a payment and nobody decided."""
    asked = select(RefundRequest).where(RefundRequest.payment_id == payment.id)
    return db.session.scalar(asked.where(RefundRequest.status == RefundRequestStatus.OPEN))


def count_open_refunds() -> int:
    """How many wishes and refunds the office has to deal with."""
    on_its_way = (RefundStatus.ORDERED, RefundStatus.WAITING)
    asked = select(RefundRequest.id).where(RefundRequest.status == RefundRequestStatus.OPEN)
    to_do = RefundOrder.status.in_(on_its_way) | _lacks_voucher()
    orders = select(RefundOrder.id).where(to_do)
    return count_rows(asked) + count_rows(orders)


def _lacks_voucher() -> ColumnElement[bool]:
    in_cash = select(RefundPayment.id).where(
        RefundPayment.order_id == RefundOrder.id, RefundPayment.way == RefundWay.CASH
    )
    filed = select(Document.id).where(
        Document.subject_type == VOUCHERS, Document.subject_ref == RefundOrder.public_id
    )
    return and_(in_cash.exists(), ~filed.exists())


def list_own_refunds(payment: Payment) -> tuple[list[RefundRequest], list[RefundDetail]]:
    """What was asked for and confirmed of a payment, the newest first."""
    asked = select(RefundRequest).where(RefundRequest.payment_id == payment.id)
    orders = select(RefundOrder).where(RefundOrder.payment_id == payment.id)
    return (
        list(db.session.scalars(asked.order_by(RefundRequest.id.desc()))),
        [_detail(each) for each in db.session.scalars(orders.order_by(RefundOrder.id.desc()))],
    )


def newest_account(order_id: int) -> RefundAccount | None:
    """The account that counts of a refund: none any more when the bank sent back what was paid to
    the newest.
    """
    accounts = select(RefundAccount).where(RefundAccount.order_id == order_id)
    newest = db.session.scalar(accounts.order_by(RefundAccount.id.desc()).limit(1))
    if newest is None:
        return None
    sent_back = select(RefundPayment.id).where(
        RefundPayment.account_id == newest.id, RefundPayment.undone_entry_id.is_not(None)
    )
    return newest if db.session.scalar(sent_back) is None else None


def are_others(actor: Actor, refs: Iterable[str | None]) -> bool:
    """Whether the actor is none of these people, and no reset of a sign-in speaks against it; a
    visitor is whoever holds the giver's link.
    """
    people = {ref for ref in refs if ref and ref != VISITOR.ref}
    return not any(ref == actor.ref or may_be_one_person(actor.ref, ref) for ref in people)


def counting_payment(order_id: int) -> RefundPayment | None:
    """The payment of a refund, unless the bank sent it back."""
    found = select(RefundPayment).where(
        RefundPayment.order_id == order_id, RefundPayment.undone_entry_id.is_(None)
    )
    return db.session.scalar(found)


@dataclass(frozen=True, slots=True)
class Refunded:
    """What became of a gift that the office refunded: payments that count of it, refunds that wait,
    and what was paid to the giver. Together they are the whole gift.
    """

    first: Payment
    counting: list[Payment]
    waiting: list[OfficeRefund]
    paid: list[RefundPayment]


def trace_refunded(payment: Payment) -> Refunded | None:
    """The gift of which a payment is what was kept or given again, or which was refunded itself;
    None of any other payment.
    """
    first = _first_gifts([payment])[payment.id]
    refunds = select(OfficeRefund.order_id).join(RefundOrder)
    if db.session.scalar(refunds.where(RefundOrder.payment_id == first.id).limit(1)) is None:
        return None
    found = Refunded(first, [], [], [])
    _follow(first, found)
    return found


def find_refund_before(payment: Payment) -> OfficeRefund | None:
    """The refund of which a payment is what was kept or given again; None of any other."""
    made = (OfficeRefund.kept_id == payment.id) | (OfficeRefund.given_again_id == payment.id)
    return db.session.scalar(select(OfficeRefund).where(made))


def _first_gifts(payments: Collection[Payment]) -> dict[int, Payment]:
    """The gift of which each payment is what was kept or given again, step by step; by the row id
    of the payment. Any other payment is its own.
    """
    firsts = {payment.id: payment for payment in payments}
    ids = list(firsts)
    while ids:
        made = OfficeRefund.kept_id.in_(ids) | OfficeRefund.given_again_id.in_(ids)
        with_gift = joinedload(OfficeRefund.order).joinedload(RefundOrder.payment).lazyload("*")
        before = {
            part_id: refund.order.payment
            for refund in db.session.scalars(select(OfficeRefund).where(made).options(with_gift))
            for part_id in (refund.kept_id, refund.given_again_id)
        }
        firsts = {of: before.get(first.id, first) for of, first in firsts.items()}
        ids = [gift.id for gift in before.values()]
    return firsts


def _follow(payment: Payment, found: Refunded) -> None:
    if payment.status is PaymentStatus.RECEIVED:
        found.counting.append(payment)
    of_payment = RefundOrder.payment_id == payment.id
    for refund in db.session.scalars(select(OfficeRefund).join(RefundOrder).where(of_payment)):
        if refund.order.status is RefundStatus.WAITING:
            found.waiting.append(refund)
        if paid := counting_payment(refund.order_id):
            found.paid.append(paid)
        for part_id in (refund.kept_id, refund.given_again_id):
            if part_id is not None:
                _follow(db.session.get_one(Payment, part_id), found)


def taking_key(first: Payment) -> str:
    """The idempotency key of the entry with which the bank takes a refunded gift back."""
    return f"gift-taken:{first.public_id}"


def find_taking(first: Payment) -> int | None:
    """The entry with which the bank took back a gift that had been refunded; None without one."""
    key = JournalEntry.idempotency_key == taking_key(first)
    return db.session.scalar(select(JournalEntry.id).where(key))


def find_waiting_for_bank(payments: Collection[Payment]) -> set[int]:
    """The row ids of the gifts that lie at a bank as the books say, and that no line of the bank
    has shown yet.
    """
    shown = find_shown_by_bank([payment.public_id for payment in payments])
    left = [payment for payment in payments if payment.public_id not in shown]
    if not left:
        return set()  # of most there is nothing more to ask
    firsts = _first_gifts(left)
    entry_ids = {first.journal_entry_id for first in firsts.values()}
    came_in = select(Posting.entry_id, Posting.debit_account_code)
    postings = db.session.execute(came_in.where(Posting.entry_id.in_(entry_ids)))
    codes = {posting.entry_id: posting.debit_account_code for posting in postings}
    at_bank = {
        payment_id: first
        for payment_id, first in firsts.items()
        if chart.is_bank_account(codes[first.journal_entry_id])
    }
    shown = find_shown_by_bank(
        [first.public_id for payment_id, first in at_bank.items() if first.id != payment_id]
    )
    return {payment_id for payment_id, first in at_bank.items() if first.public_id not in shown}


def waits_for_bank(payment: Payment) -> bool:
    """Whether the gift is one of `find_waiting_for_bank`."""
    return bool(find_waiting_for_bank([payment]))


def accounts_to_refund_from(refund: OfficeRefund) -> list[str]:
    """The accounts in which every fund of the gift keeps money for this way of paying."""
    funds = [part.fund for part in refund.order.payment.designations]
    codes = [set(fund.account_codes(_USES[refund.way])) for fund in funds]
    return sorted(set.intersection(*codes)) if codes else []


def _detail(order: RefundOrder) -> RefundDetail:
    payment = db.session.get_one(Payment, order.payment_id)
    office = db.session.get(OfficeRefund, order.id)
    receipt = find_receipt_of(payment.id)
    if office is None:
        return RefundDetail(order, payment, receipt)
    paid, account = counting_payment(order.id), newest_account(order.id)
    undone = select(RefundPayment).where(
        RefundPayment.order_id == order.id, RefundPayment.undone_entry_id.is_not(None)
    )
    sent_back = list(db.session.scalars(undone.order_by(RefundPayment.id)))
    return RefundDetail(
        order,
        payment,
        receipt,
        office,
        account,
        paid,
        find_day_in_bank(paid.journal_entry_id) if paid else None,
        find_receipt_of(office.kept_id) if office.kept_id else None,
        find_receipt_of(office.given_again_id) if office.given_again_id else None,
        sent_back,
        list_documents(VOUCHERS, [order.public_id]),
    )
