"""Where a refund of the office goes, that it was paid, that the giver signed for cash, and that the
bank sent it back.
"""

from collections import defaultdict
from datetime import date

from sqlalchemy import func, select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.encryption import encrypt
from fundapp.db import db
from fundapp.documents.intake import Accepted
from fundapp.documents.operations import store_document
from fundapp.giving import emails, policy
from fundapp.giving.drafts import GiverAccount
from fundapp.giving.errors import (
    RefundAccountError,
    RefundDayError,
    RefundHandsError,
    RefundStepError,
)
from fundapp.giving.locking import lock_office_refund
from fundapp.giving.models import (
    OfficeRefund,
    Payment,
    RefundAccount,
    RefundPayment,
    RefundStatus,
    RefundWay,
)
from fundapp.giving.operations.office_refunds import tell_giver
from fundapp.giving.queries.refunds import (
    VOUCHERS,
    accounts_to_refund_from,
    are_others,
    counting_payment,
    newest_account,
)
from fundapp.ids import new_id, readable
from fundapp.ledger import chart
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.models import EntryKind, Posting
from fundapp.ledger.operations import post_entry, reverse_entry
from fundapp.ledger.queries import first_open_day
from fundapp.markers import N_
from fundapp.trail.operations import record_event

#: Memos are message ids, translated where the books are shown.
PAID_MEMO = N_("Refund paid to the giver")
SENT_BACK_MEMO = N_("The bank sent the refund back")


def enter_refund_account(order_ref: str, account: GiverAccount, *, actor: Actor) -> None:
    """Write down to which account a refund goes; it has to be verified. A later one replaces it.

    Raises ForbiddenError, NotFoundError, RefundStepError unless the refund waits to be transferred.
    """
    require(policy.may_enter_refund_account(actor))
    refund = lock_office_refund(order_ref)
    _require_waiting(refund, RefundWay.TRANSFER)
    row_id = new_id()
    db.session.add(
        RefundAccount(
            id=row_id,
            order_id=refund.order_id,
            account_encrypted=encrypt(
                RefundAccount, "account_encrypted", row_id, account.to_text()
            ),
            holder_encrypted=encrypt(RefundAccount, "holder_encrypted", row_id, account.holder),
            entered_by=actor.ref,
            entered_at=clock.now(),
        )
    )
    _record("account", refund, actor)


def verify_refund_account(order_ref: str, seen: str, *, actor: Actor) -> None:
    """Confirm that the newest account, with the id ``seen``, is the giver's.

    Raises ForbiddenError, NotFoundError, RefundStepError when there is another one by now, and
    RefundHandsError for who entered it.
    """
    require(policy.may_verify_refund_account(actor))
    refund = lock_office_refund(order_ref)
    _require_waiting(refund, RefundWay.TRANSFER)
    account = newest_account(refund.order_id)
    if account is None or str(account.id) != seen or account.verified_by is not None:
        raise RefundStepError
    if not are_others(actor, [account.entered_by]):
        raise RefundHandsError
    account.verified_by, account.verified_at = actor.ref, clock.now()
    _record("verify", refund, actor)


def pay_refund(
    order_ref: str, *, paid_on: date, account_code: str, seen: str = "", actor: Actor
) -> RefundPayment:
    """Record that a refund was paid on ``paid_on``, out of an account of its funds, by another
    person than who confirmed it and who verified the account with the id ``seen``.

    Raises ForbiddenError, NotFoundError, RefundStepError, RefundHandsError, RefundAccountError,
    RefundDayError and the ledger's AccountShortError.
    """
    require(policy.may_pay_refund(actor))
    refund = lock_office_refund(order_ref)
    _require_waiting(refund, refund.way)
    account = newest_account(refund.order_id) if refund.way is RefundWay.TRANSFER else None
    if refund.way is RefundWay.TRANSFER and (
        account is None or account.verified_by is None or str(account.id) != seen
    ):
        raise RefundStepError
    verified_by = account.verified_by if account else None
    if not are_others(actor, [refund.approved_by, verified_by]):
        raise RefundHandsError
    if account_code not in accounts_to_refund_from(refund):
        raise RefundAccountError(field="account")
    if not clock.local_day(refund.order.ordered_at) <= paid_on <= clock.today():
        raise RefundDayError(field="paid_on")
    entry = post_entry(
        _entry(refund, paid_on, account_code, verified_by or refund.approved_by, actor),
        actor=actor,
    )
    row_id = new_id()
    paid = RefundPayment(
        id=row_id,
        voucher=readable(row_id, "RF"),
        order_id=refund.order_id,
        way=refund.way,
        account_id=account.id if account else None,
        verified_by=verified_by,
        approved_by=refund.approved_by,
        paid_by=actor.ref,
        amount_satang=refund.order.amount_satang,
        account_code=account_code,
        paid_on=paid_on,
        journal_entry_id=entry.id,
        recorded_at=clock.now(),
    )
    db.session.add(paid)
    refund.order.status = RefundStatus.PAID
    _record("pay", refund, actor)
    _tell(refund, emails.RefundNews.PAID, actor)
    return paid


def undo_refund_payment(order_ref: str, *, sent_back_on: date, actor: Actor) -> None:
    """Book that the bank sent a transfer back: it is owed again, and waits for another account.

    Raises ForbiddenError, NotFoundError, RefundStepError, RefundDayError.
    """
    require(policy.may_pay_refund(actor))
    refund = lock_office_refund(order_ref)
    paid = counting_payment(refund.order_id)
    if paid is None or refund.way is not RefundWay.TRANSFER:
        raise RefundStepError
    if not paid.paid_on <= sent_back_on <= clock.today():
        raise RefundDayError(field="sent_back_on")
    entry = reverse_entry(
        paid.journal_entry_id,
        reason=SENT_BACK_MEMO,
        entry_on=first_open_day(sent_back_on),
        actor=actor,
    )
    paid.undone_entry_id = entry.id
    refund.order.status = RefundStatus.WAITING
    _record("sent-back", refund, actor)
    _tell(refund, emails.RefundNews.SENT_BACK, actor)


def file_refund_voucher(order_ref: str, *, paper: Accepted, actor: Actor) -> None:
    """Keep the voucher that the giver signed who got the money in cash.

    Raises ForbiddenError, NotFoundError, RefundStepError unless it was handed over.
    """
    require(policy.may_pay_refund(actor))
    refund = lock_office_refund(order_ref)
    if refund.way is not RefundWay.CASH or counting_payment(refund.order_id) is None:
        raise RefundStepError
    stored = store_document(
        paper, subject_type=VOUCHERS, subject_ref=refund.order.public_id, actor=actor
    )
    if stored.is_written:
        _record("file-voucher", refund, actor)


def _require_waiting(refund: OfficeRefund, way: RefundWay) -> None:
    if refund.order.status is not RefundStatus.WAITING or refund.way is not way:
        raise RefundStepError


def _record(verb: str, refund: OfficeRefund, actor: Actor) -> None:
    record_event(
        f"giving:refund:{verb}",
        actor=actor,
        subject_type="payment",
        subject_ref=refund.order.payment.public_id,
    )
    db.session.flush()


def _tell(refund: OfficeRefund, news: emails.RefundNews, actor: Actor) -> None:
    tell_giver(refund.order.payment, refund.order.amount_satang, refund.way, news, actor)


def _entry(
    refund: OfficeRefund, paid_on: date, account_code: str, checker: str, actor: Actor
) -> EntryDraft:
    """The entry that pays what is owed of each fund."""
    order = refund.order
    earlier = select(func.count()).where(RefundPayment.order_id == order.id)
    return EntryDraft(
        kind=EntryKind.REFUND_PAID,
        entry_on=first_open_day(paid_on),
        memo=PAID_MEMO,
        postings=[
            PostingDraft(fund_code, chart.REFUNDS_PAYABLE, account_code, satang)
            for fund_code, satang in sorted(_owed(refund).items())
        ],
        source_type="refund",
        source_ref=order.public_id,
        maker=actor.ref,
        checker=checker,
        idempotency_key=f"refund:{order.public_id}:{db.session.scalar(earlier)}",
    )


def _owed(refund: OfficeRefund) -> dict[str, int]:
    """What is owed of each fund: what was undone less what is kept."""
    payment = refund.order.payment
    owed: dict[str, int] = defaultdict(int)
    for posting in _postings(payment.reversal_entry_id):
        owed[posting.fund_code] += posting.amount_satang
    if refund.kept_id is not None:
        kept = db.session.get_one(Payment, refund.kept_id)
        for posting in _postings(kept.journal_entry_id):
            owed[posting.fund_code] -= posting.amount_satang
    return {fund_code: satang for fund_code, satang in owed.items() if satang}


def _postings(entry_id: int | None) -> list[Posting]:
    return list(db.session.scalars(select(Posting).where(Posting.entry_id == entry_id)))
