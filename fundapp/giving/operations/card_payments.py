"""What the card processor says has happened is booked: payments, refunds, disputes, fees, payouts.

Each movement of the balance there is booked once, whoever tells of it, in whatever order, however
often: it is asked of the processor and has a key of its own.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db, lock, lock_all
from fundapp.giving import policy
from fundapp.giving.drafts import GiftNews, IncomingPayment
from fundapp.giving.errors import ProcessorDiffersError
from fundapp.giving.gateways.values import MovementFacts, PaymentFacts, PayoutFacts, PayoutItem
from fundapp.giving.models import (
    Checkout,
    CheckoutStatus,
    MovementKind,
    Payment,
    PaymentStatus,
    ProcessorMovement,
    ProcessorPayout,
    ReturnReason,
)
from fundapp.giving.operations.payments import receive_payment
from fundapp.giving.operations.refunds import note_refunds
from fundapp.giving.operations.returns import return_payment
from fundapp.giving.operations.saved_cards import keep_card
from fundapp.giving.steps import forget_origin
from fundapp.ledger import chart
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.models import EntryKind, Fund, FundAccount, JournalEntry, Restriction
from fundapp.ledger.operations import post_entry, reverse_entry
from fundapp.ledger.queries import first_open_day
from fundapp.markers import N_
from fundapp.trail.operations import record_event

#: Memos are message ids, translated where the books are shown.
FEE_MEMO = N_("Fee of the card processor")
_REASONS = {
    MovementKind.REFUND: ReturnReason.REFUND,
    MovementKind.DISPUTE: ReturnReason.CHARGEBACK,
    MovementKind.REFUND_FAILED: ReturnReason.CORRECTION,
    MovementKind.DISPUTE_WON: ReturnReason.CORRECTION,
}


def book_card_payment(facts: PaymentFacts, *, actor: Actor) -> Payment | None:
    """Book of a payment at the processor what is not booked yet; what counts of it then, or None.

    The money lies at the processor, in an account of the books of its own. A refund or a dispute
    returns the whole payment and records what is left of it anew, on the day of the gift, so that
    every receipt that counts states what was kept. Fees are postings of their own. What was not
    asked for by a pledge is a gift without a name. Raises ForbiddenError, ProcessorDiffersError
    (also for another currency: nobody guesses what it comes to), and what `receive_payment` and
    `return_payment` raise.
    """
    require(policy.may_book_card_payment(actor))
    if not facts.is_paid:
        return None
    if not facts.is_baht:
        raise ProcessorDiffersError(params={"about": facts.intent_id})
    checkout = lock(select(Checkout).where(Checkout.public_id == facts.ref))
    rows = _movements_of(facts.intent_id)
    payment = _counting(facts.intent_id)
    if payment is None and not rows:
        payment = receive_payment(_incoming(facts, checkout), actor=actor)
    first = rows[0].payment if rows else payment
    if first is None:
        raise ProcessorDiffersError(params={"about": facts.intent_id})
    known = {row.movement_id for row in rows}
    for moved in facts.movements:
        if moved.movement_id not in known:
            payment = _book(moved, facts, first, payment, actor)
    if checkout is not None:
        checkout.status = CheckoutStatus.PAID
        forget_origin(checkout)
        keep_card(checkout, facts, actor=actor)
    note_refunds(facts.refunds, actor=actor)
    db.session.flush()
    return payment


def book_card_payout(facts: PayoutFacts, *, actor: Actor) -> None:
    """Keep of which movements a payout of the processor is made; once at most. Its line in the bank
    is matched by an officer.

    Raises ForbiddenError, and ProcessorDiffersError unless they add up to it.
    """
    require(policy.may_book_card_payment(actor))
    if not facts.is_paid or db.session.get(ProcessorPayout, facts.payout_id) is not None:
        return
    for item in facts.items:
        if item.intent_id is None and db.session.get(ProcessorMovement, item.movement_id) is None:
            _book_fee_alone(item, actor)
    ids = [item.movement_id for item in facts.items]
    rows = lock_all(select(ProcessorMovement).where(ProcessorMovement.movement_id.in_(ids)))
    free = [row for row in rows if row.payout_id is None]
    if len(free) != len(ids) or sum(row.net_satang for row in free) != facts.amount_satang:
        raise ProcessorDiffersError(params={"about": facts.payout_id})
    payout = ProcessorPayout(
        payout_id=facts.payout_id, amount_satang=facts.amount_satang, arrives_on=facts.arrives_on
    )
    db.session.add(payout)
    db.session.flush()
    for row in free:
        row.payout_id = payout.payout_id
    record_event(
        "giving:card-payout:record",
        actor=actor,
        subject_type="card_payout",
        subject_ref=payout.payout_id,
    )
    db.session.flush()


def _movements_of(intent_id: str) -> Sequence[ProcessorMovement]:
    """Those that are booked, the charge first."""
    order = (ProcessorMovement.kind != MovementKind.CHARGE, ProcessorMovement.happened_at)
    of_intent = select(ProcessorMovement).where(ProcessorMovement.intent_id == intent_id)
    return db.session.scalars(of_intent.order_by(*order)).all()


def _counting(intent_id: str) -> Payment | None:
    """The payment that counts now: at most one does."""
    ref = f"{policy.PROCESSOR_REF}{intent_id}"
    of_movements = select(ProcessorMovement.payment_id).where(
        ProcessorMovement.intent_id == intent_id
    )
    found = select(Payment).where(
        Payment.status == PaymentStatus.RECEIVED,
        (Payment.external_ref == ref) | Payment.id.in_(of_movements),
    )
    return db.session.scalars(found).one_or_none()


def _incoming(facts: PaymentFacts, checkout: Checkout | None) -> IncomingPayment:
    received_on = min(clock.local_day(facts.paid_at), clock.today())
    return IncomingPayment(
        amount_satang=facts.amount_satang,
        received_on=received_on,
        method=facts.method,
        asset_account_code=chart.CARD_PROCESSOR,
        booked_on=first_open_day(received_on),
        instalment_reference=checkout.reference if checkout else None,
        fund_code=None if checkout else _general_fund().code,
        external_ref=f"{policy.PROCESSOR_REF}{facts.intent_id}",
    )


def _general_fund() -> Fund:
    """The fund that gets what nobody asked for, and bears fees of no payment."""
    kept_there = (
        select(Fund)
        .join(FundAccount, FundAccount.fund_code == Fund.code)
        .where(FundAccount.account_code == chart.CARD_PROCESSOR)
        .order_by(Fund.restriction != Restriction.UNRESTRICTED, Fund.position, Fund.code)
    )
    fund = db.session.scalars(kept_there.limit(1)).first()
    if fund is None:
        raise ProcessorDiffersError(params={"about": chart.CARD_PROCESSOR})
    return fund


def _fund_of(payment: Payment) -> str:
    """Its fund: the processor is asked for no pledge that is divided (`policy.takes_cards`), and
    whether one is never changes.
    """
    (part,) = payment.designations
    return part.fund_code


def _book(
    moved: MovementFacts,
    facts: PaymentFacts,
    first: Payment,
    counting: Payment | None,
    actor: Actor,
) -> Payment | None:
    """Book one movement; the payment that counts after it. ``first`` is as the donor gave it."""
    if moved.kind is MovementKind.CHARGE:
        if moved.amount_satang != first.amount_satang:
            raise ProcessorDiffersError(params={"about": moved.movement_id})
        after: Payment | None = counting
    else:
        after = _recount(moved, facts, first, counting, actor)
    fund_code = _fund_of(first)
    day = first_open_day(min(clock.local_day(moved.happened_at), clock.today()))
    db.session.add(
        ProcessorMovement(
            movement_id=moved.movement_id,
            kind=moved.kind,
            intent_id=facts.intent_id,
            fund_code=fund_code,
            amount_satang=moved.amount_satang,
            fee_satang=moved.fee_satang,
            payment_id=after.id if after else None,
            fee_entry_id=_book_fee(moved, facts.intent_id, fund_code, day, actor),
            happened_at=moved.happened_at,
        )
    )
    db.session.flush()
    return after


def _recount(
    moved: MovementFacts,
    facts: PaymentFacts,
    first: Payment,
    counting: Payment | None,
    actor: Actor,
) -> Payment | None:
    """Return what counted, and record what counts now."""
    left = moved.amount_satang + (counting.amount_satang if counting else 0)
    if not 0 <= left <= first.amount_satang:
        raise ProcessorDiffersError(params={"about": moved.movement_id})
    day = max(first.received_on, min(clock.local_day(moved.happened_at), clock.today()))
    if counting is not None:
        return_payment(
            counting.public_id, reason=_REASONS[moved.kind], returned_on=day, actor=actor
        )
    if not left:
        return None
    checkout = db.session.scalars(select(Checkout).where(Checkout.public_id == facts.ref)).first()
    return receive_payment(
        IncomingPayment(
            amount_satang=left,
            received_on=first.received_on,
            method=first.method,
            asset_account_code=chart.CARD_PROCESSOR,
            booked_on=first_open_day(day),
            donor_id=first.donor_id,
            pledge_id=first.pledge_id,
            instalment_reference=checkout.reference if checkout else None,
            fund_code=_fund_of(first),
            is_anonymous=first.is_anonymous,
            external_ref=f"{policy.PROCESSOR_REF}{facts.intent_id}:{moved.movement_id}",
            news=GiftNews.KEPT if moved.amount_satang < 0 else GiftNews.AGAIN,
        ),
        actor=actor,
    )


def _book_fee(
    moved: MovementFacts, intent_id: str, fund_code: str, day: date, actor: Actor
) -> int | None:
    """The entry of the fee, or of its return; None without one."""
    if moved.fee_satang == 0:
        return None
    if moved.fee_satang > 0:
        return _post_fee(moved.movement_id, moved.fee_satang, fund_code, day, actor)
    undone = select(JournalEntry.reverses_entry_id).where(
        JournalEntry.reverses_entry_id == ProcessorMovement.fee_entry_id
    )
    charged = select(ProcessorMovement.fee_entry_id).where(
        ProcessorMovement.intent_id == intent_id,
        ProcessorMovement.fee_satang == -moved.fee_satang,
        ~undone.exists(),
    )
    entry_id = db.session.scalars(charged.limit(1)).first()
    if entry_id is None:
        raise ProcessorDiffersError(params={"about": moved.movement_id})
    return reverse_entry(entry_id, reason=FEE_MEMO, entry_on=day, actor=actor).id


def _post_fee(movement_id: str, satang: int, fund_code: str, day: date, actor: Actor) -> int:
    draft = EntryDraft(
        kind=EntryKind.BANK_FEE,
        entry_on=day,
        memo=FEE_MEMO,
        postings=[PostingDraft(fund_code, chart.BANK_FEES, chart.CARD_PROCESSOR, satang)],
        source_type="card_movement",
        source_ref=movement_id,
        maker=actor.ref,
        idempotency_key=f"card-fee:{movement_id}",
    )
    return post_entry(draft, actor=actor).id


def _book_fee_alone(item: PayoutItem, actor: Actor) -> None:
    """A fee of no payment; whatever else has no payment is unknown to us."""
    if item.net_satang >= 0:
        raise ProcessorDiffersError(params={"about": item.movement_id})
    fund_code = _general_fund().code
    day = first_open_day(min(clock.local_day(item.happened_at), clock.today()))
    entry_id = _post_fee(item.movement_id, -item.net_satang, fund_code, day, actor)
    db.session.add(
        ProcessorMovement(
            movement_id=item.movement_id,
            kind=MovementKind.FEE,
            fund_code=fund_code,
            amount_satang=0,
            fee_satang=-item.net_satang,
            fee_entry_id=entry_id,
            happened_at=item.happened_at,
        )
    )
    db.session.flush()
