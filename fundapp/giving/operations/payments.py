"""Payments are recorded, and reversed when they were wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.name_guard import require_no_child_named
from fundapp.crypto import keyring
from fundapp.db import db
from fundapp.errors import NotFoundError, require_readable_name
from fundapp.giving import emails, policy
from fundapp.giving.allocation import allocate, allocate_letting_go, pay
from fundapp.giving.donor_names import name_key
from fundapp.giving.drafts import IncomingPayment
from fundapp.giving.errors import (
    FundClosedToGiftsError,
    IncomingPaymentError,
    PaymentRefUsedError,
    UnknownReferenceError,
)
from fundapp.giving.locking import lock_pledges
from fundapp.giving.models import (
    Allocation,
    Designation,
    Donor,
    Instalment,
    Method,
    Payment,
    PaymentStatus,
    Pledge,
)
from fundapp.giving.operations.donors import register_donor
from fundapp.giving.receipts.operations import (
    ReceiptDraft,
    ReceiptNumber,
    issue_receipts,
    take_numbers,
)
from fundapp.giving.references import normalise_reference
from fundapp.giving.sharing import Sharer, designations_of
from fundapp.giving.slips.steps import close_slips
from fundapp.giving.steps import extend, settle
from fundapp.ids import new_id, new_public_id
from fundapp.ledger import chart
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.errors import FundClosedError, OtherAccountError
from fundapp.ledger.models import EntryKind, Fund
from fundapp.ledger.operations import post_entries
from fundapp.mail.operations import queue_messages
from fundapp.mail.queries import linked_among
from fundapp.markers import N_
from fundapp.remarks.models import RemarkKind
from fundapp.remarks.steps import write_remark
from fundapp.trail.operations import record_events

#: The memo of a payment's journal entry; shown in the reader's language.
MEMOS: dict[Method, str] = {
    Method.PROMPTPAY: N_("Donation by PromptPay"),
    Method.TRANSFER: N_("Donation by bank transfer"),
    Method.CARD: N_("Donation by card"),
    Method.CASH: N_("Donation in cash"),
    Method.CHEQUE: N_("Donation by cheque"),
}


@dataclass(frozen=True, slots=True)
class _Attribution:
    """Whose payment it is, and what it is for: a pledge with its funds, or ``fund``; ``named`` is
    the instalment that the payer named.
    """

    donor: Donor
    fund: Fund
    pledge: Pledge | None
    named: Instalment | None
    donor_name: str
    is_anonymous: bool

    def keeps_in(self, account_code: str) -> bool:
        """Whether the money of each fund may be kept in this asset account."""
        return (self.pledge or self.fund).keeps_in(account_code)


@dataclass(frozen=True, slots=True)
class _Pledges:
    """The locked pledges, their instalments, and their donors when there are many."""

    by_id: dict[int, Pledge]
    by_reference: dict[str, Instalment]
    donors: dict[int, Donor]


def receive_payment(incoming: IncomingPayment, *, actor: Actor) -> Payment:
    """Record money that arrived. See `receive_payments`."""
    return receive_payments([incoming], actor=actor)[0]


def receive_payments(incomings: Sequence[IncomingPayment], *, actor: Actor) -> list[Payment]:
    """Record money that arrived, all of it or none: allocated, posted, with its receipts, and a
    thank-you queued for each donor whom a way leads to; the payments in the order given.

    How it is allocated: `fundapp.giving.allocation`; a surplus stays a gift to the same fund.
    Many are written with few statements. Raises ForbiddenError, IncomingPaymentError,
    UnknownReferenceError, FundClosedToGiftsError, LetGoRefusedError, PaymentRefUsedError,
    NotFoundError, UnreadableNameError, ChildNamedError when the note names a child, and the
    ledger's OtherAccountError and PeriodClosedError.
    """
    require(policy.may_record_payment(actor))
    for incoming in incomings:
        _check(incoming)
    known = _recorded_before(incomings)
    new = [incoming for incoming in incomings if incoming.external_ref not in known]
    written = iter(_write(new, actor) if new else ())
    return [known.get(incoming.external_ref) or next(written) for incoming in incomings]


def _write(incomings: Sequence[IncomingPayment], actor: Actor) -> list[Payment]:
    """Write payments that are new."""
    pledges = _lock_pledges(incomings)
    attributions = [_attribute(incoming, pledges, actor) for incoming in incomings]
    payments, sharer = [], Sharer()
    for incoming, attribution in zip(incomings, attributions, strict=True):
        is_kept = incoming.asset_account_code == chart.REFUNDS_PAYABLE
        if not is_kept and not attribution.keeps_in(incoming.asset_account_code):
            raise OtherAccountError(field="account")
        payments.append(_payment(incoming, attribution, sharer, actor))
        _allocate(payments[-1], attribution, lets_go=incoming.lets_go)
    # Every writer locks the pledges first and the receipt counter second, so none waits for another
    # that waits for it.
    numbers = take_numbers(clock.today(), len(payments), actor=actor)
    _post(payments, incomings, numbers, actor)
    db.session.add_all(payments)
    receipts = issue_receipts(
        [
            ReceiptDraft(payment, _receipt_fund(payment), attribution.donor_name, number)
            for payment, attribution, number in zip(payments, attributions, numbers, strict=True)
        ],
        actor=actor,
    )
    record_events(
        "giving:payment:receive",
        actor=actor,
        subject_type="payment",
        subject_refs=[payment.public_id for payment in payments],
    )
    without = {each.donor.public_id for each in payments if not each.donor.email}
    linked = linked_among("donor", without)
    thanks = [
        emails.thank_you(payment, receipt, attribution.pledge)
        for payment, attribution, receipt in zip(payments, attributions, receipts, strict=True)
        # Nothing is written for the many whom no way leads to.
        if payment.donor.email or payment.donor.public_id in linked
    ]
    queue_messages(thanks, actor=actor)
    for pledge in {one.pledge.id: one.pledge for one in attributions if one.pledge}.values():
        extend(pledge, clock.today())
    db.session.flush()
    close_slips(payments, actor)
    return payments


def _check(incoming: IncomingPayment) -> None:
    if incoming.amount_satang <= 0:
        raise IncomingPaymentError(N_("The amount must be more than zero."), field="amount")
    if incoming.received_on > clock.today():
        raise IncomingPaymentError(
            N_("This day is still to come. Enter the day on which the money arrived."),
            field="received_on",
        )
    require_readable_name(incoming.payer_name, field="payer_name")
    require_no_child_named(incoming.note, field="note")


def _recorded_before(incomings: Sequence[IncomingPayment]) -> dict[str | None, Payment]:
    """The payments already recorded under the same external references; PaymentRefUsedError when
    the content of one differs.
    """
    by_ref = {one.external_ref: one for one in incomings if one.external_ref is not None}
    if not by_ref:
        return {}
    same = (Payment.external_ref.in_(by_ref), Payment.status == PaymentStatus.RECEIVED)
    known = {
        payment.external_ref: payment
        for payment in db.session.scalars(select(Payment).where(*same))
    }
    for payment in known.values():
        if payment.form_digest != _keyed(by_ref[payment.external_ref or ""]):
            raise PaymentRefUsedError(
                public_id=payment.public_id, amount_satang=payment.amount_satang
            )
    return known


def _keyed(incoming: IncomingPayment) -> str:
    """The digest of what was typed, under a key: a note or a name cannot be guessed from it."""
    return keyring().lookup(incoming.digest, "payments.form_digest").hex()


def _lock_pledges(incomings: Sequence[IncomingPayment]) -> _Pledges:
    """The pledges that payments name, locked, with their donors at hand."""
    references = {_reference(one) for one in incomings if one.instalment_reference is not None}
    ids = {one.pledge_id for one in incomings if one.pledge_id is not None}
    named = select(Instalment.pledge_id).where(Instalment.reference.in_(references))
    pledges = lock_pledges(Pledge.id.in_(ids) | Pledge.id.in_(named)) if references or ids else []
    donors = select(Donor).where(Donor.id.in_({pledge.donor_id for pledge in pledges}))
    return _Pledges(
        {pledge.id: pledge for pledge in pledges},
        {row.reference: row for pledge in pledges for row in pledge.instalments},
        {donor.id: donor for donor in db.session.scalars(donors)} if len(pledges) > 1 else {},
    )


def _reference(incoming: IncomingPayment) -> str:
    return normalise_reference(incoming.instalment_reference or "")


def _attribute(incoming: IncomingPayment, pledges: _Pledges, actor: Actor) -> _Attribution:
    named, pledge = _pledge(incoming, pledges)
    donor = _donor(incoming, pledge, actor)
    fund = _fund(incoming, pledge)
    if pledge is not None and donor.id == pledge.donor_id:
        name, anonymous = pledge.donor_name or donor.name, pledge.is_anonymous
    else:
        name, anonymous = donor.name, False
    _require_named(incoming, name)
    is_anonymous = incoming.is_anonymous or anonymous or not name
    return _Attribution(donor, fund, pledge, named, name, is_anonymous)


def _require_named(incoming: IncomingPayment, name: str) -> None:
    """IncomingPaymentError when the receipt would name another than the payer who was typed."""
    if not incoming.payer_name or name_key(incoming.payer_name) == name_key(name):
        return
    if not name:
        raise IncomingPaymentError(
            N_(
                "This pledge was made without a name. Leave the name empty, or, for a receipt with "
                "a name, leave the reference empty and choose the fund."
            ),
            field="payer_name",
        )
    raise IncomingPaymentError(
        N_(
            "This pledge is by %(name)s, so the receipt would name %(name)s. Leave the name empty "
            "if that is right. If somebody else gave, leave the reference empty and choose the "
            "fund."
        ),
        field="payer_name",
        params={"name": name},
    )


def _pledge(
    incoming: IncomingPayment, pledges: _Pledges
) -> tuple[Instalment | None, Pledge | None]:
    """The instalment that the payer named and its pledge, or the pledge alone."""
    if incoming.instalment_reference is None:
        if incoming.pledge_id is not None and incoming.pledge_id not in pledges.by_id:
            raise NotFoundError
        return None, pledges.by_id.get(incoming.pledge_id or 0)
    named = pledges.by_reference.get(_reference(incoming))
    if named is None:
        raise UnknownReferenceError(field="reference")
    if incoming.pledge_id not in (None, named.pledge_id):
        raise IncomingPaymentError(
            N_("This reference belongs to another pledge."), field="reference"
        )
    return named, named.pledge


def _donor(incoming: IncomingPayment, pledge: Pledge | None, actor: Actor) -> Donor:
    donor_id = incoming.donor_id or (pledge.donor_id if pledge else None)
    if donor_id is None:
        return register_donor(incoming.payer_name, actor=actor)
    donor = db.session.get(Donor, donor_id)
    if donor is None:
        raise NotFoundError
    return donor


def _fund(incoming: IncomingPayment, pledge: Pledge | None) -> Fund:
    """The pledge's fund, the first of several, or the one that was chosen without a pledge."""
    named = incoming.fund_code
    if pledge is not None and named and named not in {fund.code for fund in pledge.funds}:
        raise IncomingPaymentError(
            N_("This pledge is for another fund. Choose that fund, or leave the reference empty."),
            field="fund",
        )
    code = pledge.fund_code if pledge else incoming.fund_code
    fund = db.session.get(Fund, code) if code else None
    if fund is None:
        raise FundClosedToGiftsError(N_("Choose the fund that this money is for."), field="fund")
    if any(each.is_closed for each in (pledge.funds if pledge else [fund])):
        raise FundClosedError(field="fund")
    return fund


def _receipt_fund(payment: Payment) -> Fund:
    """The fund that the row of its receipt names: the first that gets something."""
    return payment.designations[0].fund


def _payment(
    incoming: IncomingPayment, attribution: _Attribution, sharer: Sharer, actor: Actor
) -> Payment:
    payment = Payment(
        id=new_id(),
        public_id=new_public_id(),
        donor=attribution.donor,
        pledge=attribution.pledge,
        method=incoming.method,
        amount_satang=incoming.amount_satang,
        received_on=incoming.received_on,
        is_anonymous=attribution.is_anonymous,
        external_ref=incoming.external_ref,
        status=PaymentStatus.RECEIVED,
        recorded_by=actor.ref,
        recorded_at=clock.now(),
        form_digest=None if incoming.external_ref is None else _keyed(incoming),
    )
    if incoming.note:
        write_remark(
            incoming.note,
            kind=RemarkKind.PAYMENT_NOTE,
            subject_type="payment",
            subject_ref=payment.public_id,
            actor=actor,
        )
    pledge, satang = attribution.pledge, incoming.amount_satang
    if pledge is not None and incoming.parts:
        payment.designations = designations_of(satang, incoming.parts, pledge)
    elif pledge is not None and pledge.is_split:
        payment.designations = sharer.designate(satang, pledge)
    else:
        payment.designations = [Designation(fund=attribution.fund, amount_satang=satang)]
    return payment


def _allocate(payment: Payment, attribution: _Attribution, *, lets_go: bool) -> None:
    pledge = attribution.pledge
    if pledge is None:
        return
    limit = pledge.let_go_limit_satang
    if lets_go:
        parts = [allocate_letting_go(payment.amount_satang, attribution.named, limit)]
    else:
        parts = allocate(
            payment.amount_satang,
            pledge.instalments,
            named=attribution.named,
            status=pledge.status,
        )
    pay(parts)
    for part in parts:
        allocation = Allocation(
            instalment_id=part.instalment.id,
            amount_satang=part.satang,
            let_go_satang=part.let_go_satang,
            let_go_limit_satang=limit if part.let_go_satang else 0,
        )
        payment.allocations.append(allocation)
    settle(pledge)


def _post(
    payments: Sequence[Payment],
    incomings: Sequence[IncomingPayment],
    numbers: Sequence[ReceiptNumber],
    actor: Actor,
) -> None:
    """Post the payments, and note the journal entry of each."""
    drafts = [
        _entry(payment, incoming, number.label, actor)
        for payment, incoming, number in zip(payments, incomings, numbers, strict=True)
    ]
    for payment, posted in zip(payments, post_entries(drafts, actor=actor), strict=True):
        payment.journal_entry_id = posted.id


def _entry(
    payment: Payment, incoming: IncomingPayment, receipt_label: str, actor: Actor
) -> EntryDraft:
    postings = [
        PostingDraft(
            part.fund.code,
            incoming.asset_account_code,
            policy.income_account(part.fund, payment.donor),
            part.amount_satang,
        )
        for part in payment.designations
    ]
    return EntryDraft(
        kind=EntryKind.DONATION,
        entry_on=incoming.booked_on or payment.received_on,
        memo=MEMOS[payment.method],
        postings=postings,
        source_type="payment",
        source_ref=payment.public_id,
        maker=actor.ref,
        idempotency_key=f"payment:{payment.public_id}",
        receipt=receipt_label,
    )
