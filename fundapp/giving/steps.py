"""Steps on a pledge and its donor that several operations share; the caller holds the pledge's
lock, unless a step takes it.
"""

from datetime import date, timedelta

from sqlalchemy import bindparam, func, select

from fundapp import clock
from fundapp.children.encryption import encrypt
from fundapp.db import connection_of_work, db
from fundapp.db.prepared import Prepared, Run, Values, insert_of, run_all
from fundapp.giving import policy, schedule
from fundapp.giving.allocation import Part, take_back
from fundapp.giving.donor_names import name_key
from fundapp.giving.drafts import PledgeTerms
from fundapp.giving.errors import NotRefundableError, RefundAmountError, RefundWayError
from fundapp.giving.locking import lock_pledge
from fundapp.giving.models import (
    Checkout,
    CheckoutOrigin,
    Donor,
    DonorKind,
    DonorMerge,
    Instalment,
    Payment,
    PaymentStatus,
    Pledge,
    PledgeDetails,
    PledgeStatus,
    RefundOrder,
    RefundStatus,
    RefundWay,
)
from fundapp.giving.references import new_reference
from fundapp.giving.workflow import PledgeAction, is_possible, next_pledge_status
from fundapp.ids import new_id, new_public_id
from fundapp.money import format_baht
from fundapp.thai.sounds import sound_key

#: The donor with the address ``address`` and the compared name ``key``; the row of unknown givers.
KNOWN_DONOR = (
    select(Donor)
    .where(Donor.email == bindparam("address"), Donor.name_key == bindparam("key"))
    .order_by(Donor.id)
    .limit(1)
)
UNKNOWN_GIVER = select(Donor).where(Donor.name_key == "", Donor.email.is_(None))
#: The donor, or the one whom it was merged into.
_ID = func.coalesce(DonorMerge.into_id, Donor.id)
_MERGED = DonorMerge.donor_id == Donor.id
_KNOWN_ID = Prepared(
    "known_donor",
    KNOWN_DONOR.with_only_columns(_ID).outerjoin_from(Donor, DonorMerge, _MERGED),
)
_KNOWN_ID_OF_KIND = Prepared(
    "known_donor_of_kind",
    KNOWN_DONOR.where(Donor.kind == bindparam("kind"))
    .with_only_columns(_ID)
    .outerjoin_from(Donor, DonorMerge, _MERGED),
)
_UNKNOWN_ID = Prepared(
    "unknown_giver",
    UNKNOWN_GIVER.with_only_columns(_ID).outerjoin_from(Donor, DonorMerge, _MERGED),
)
_INSERT = insert_of(Instalment)
_ON_ITS_WAY = (RefundStatus.ORDERED, RefundStatus.WAITING)


def instalment_rows(
    pledge_id: int, parts: list[tuple[date, int]], *, existing: int = 0
) -> list[Values]:
    """The rows of due dates and amounts (satang), as instalments ``existing`` + 1 and on."""
    return [
        {
            "id": new_id(),
            "pledge_id": pledge_id,
            "number": number,
            "reference": new_reference(),
            "due_on": due_on,
            "amount_satang": satang,
            "paid_satang": 0,
            "let_go_satang": 0,
        }
        for number, (due_on, satang) in enumerate(parts, start=existing + 1)
    ]


def instalment_runs(
    pledge_id: int, parts: list[tuple[date, int]], *, existing: int = 0
) -> list[Run]:
    """The statements that write the same."""
    return [_INSERT.run(**row) for row in instalment_rows(pledge_id, parts, existing=existing)]


def extend(pledge: Pledge, today: date) -> int:
    """Add the instalments that an open-ended, active pledge lacks for its horizon; how many were
    added.
    """
    if pledge.instalment_count is not None or pledge.status is not PledgeStatus.ACTIVE:
        return 0
    instalments = pledge.instalments
    ahead = sum(1 for row in instalments if row.open_satang and row.due_on >= today)
    if ahead >= schedule.HORIZON:
        return 0
    existing = max(instalment.number for instalment in instalments)
    # Dates that passed while the pledge was paused are left out: nobody is asked for them later.
    last = max(today - timedelta(days=1), *(instalment.due_on for instalment in instalments))
    count = schedule.HORIZON - ahead
    coming = schedule.dates_after(pledge.frequency, pledge.starts_on, last, count)
    parts = [(day, pledge.amount_satang) for day in coming]
    run_all(connection_of_work(), instalment_runs(pledge.id, parts, existing=existing))
    db.session.expire(pledge, ["instalments"])
    return len(coming)


def take_allocations_back(payment: Payment) -> None:
    """Open the instalments again that a payment had paid; its pledge is locked here."""
    if payment.pledge_id is None:
        return
    pledge = lock_pledge(Pledge.id == payment.pledge_id)
    by_id = {instalment.id: instalment for instalment in pledge.instalments}
    take_back(
        Part(by_id[part.instalment_id], part.amount_satang, part.let_go_satang)
        for part in payment.allocations
    )
    settle(pledge)


def settle(pledge: Pledge) -> None:
    """Bring the pledge's state in line with its money: complete when all is paid, active again
    when not.
    """
    is_paid = all(instalment.open_satang == 0 for instalment in pledge.instalments)
    if pledge.status is PledgeStatus.COMPLETED:
        if not is_paid:
            pledge.status = next_pledge_status(pledge.status, PledgeAction.REOPEN)
    elif is_paid and pledge.instalment_count and is_possible(pledge.status, PledgeAction.COMPLETE):
        pledge.status = next_pledge_status(pledge.status, PledgeAction.COMPLETE)


def comparable_address(email: str | None) -> str | None:
    """The address as donors have it; None for none."""
    return (email.strip().lower() or None) if email else None


def find_donor_run(name: str, address: str | None, kind: DonorKind | None = None) -> Run:
    """The statement that finds the id of the donor whom `operations.register_donor` finds, of this
    kind, or of any where none was said.
    """
    if name and kind is not None:
        return _KNOWN_ID_OF_KIND.run(address=address, key=name_key(name), kind=kind)
    if name or address:
        return _KNOWN_ID.run(address=address, key=name_key(name))
    return _UNKNOWN_ID.run()


def new_donor(
    name: str,
    *,
    address: str | None,
    locale: str,
    kind: DonorKind | None = None,
    phone: str | None = None,
) -> Values:
    """The values of the row of a new donor."""
    return {
        "id": new_id(),
        "public_id": new_public_id(),
        "kind": (kind or DonorKind.INDIVIDUAL) if name else DonorKind.UNKNOWN,
        "name": name,
        "name_key": name_key(name),
        "email": address,
        "phone": phone,
        "user_id": None,
        "wants_reminders": True,
        "locale": locale,
        "created_at": clock.now(),
        "sound_key": sound_key(name),
    }


def keep_details(pledge_id: int, terms: PledgeTerms) -> None:
    """Write in whose honour it is and who pays, of the few pledges of which that was said."""
    if not terms.in_honour_of and not terms.payer_name:
        return
    said = {
        "in_honour_of_encrypted": terms.in_honour_of,
        "payer_name_encrypted": terms.payer_name,
    }
    encrypted = {name: encrypt(PledgeDetails, name, pledge_id, said[name]) for name in said}
    db.session.add(PledgeDetails(id=pledge_id, **encrypted))
    db.session.flush()


def check_refund(payment: Payment, satang: int, way: RefundWay | None) -> None:
    """Raise NotRefundableError or RefundAmountError when so much of it cannot be given back, and
    RefundWayError when it cannot be in this way; ``way`` is None through the card processor.
    """
    if payment.status is not PaymentStatus.RECEIVED:
        raise NotRefundableError
    if policy.is_of_processor(payment) != (way is None):
        raise RefundWayError(field="way")
    same = RefundOrder.intent_id == policy.refund_subject(payment)
    on_its_way = select(RefundOrder.id).where(same, RefundOrder.status.in_(_ON_ITS_WAY))
    if db.session.scalars(on_its_way).first() is not None:
        raise NotRefundableError
    if not 0 < satang <= payment.amount_satang:
        most = format_baht(payment.amount_satang)
        raise RefundAmountError(field="amount", params={"most": most})


def forget_origin(checkout: Checkout) -> None:
    """Keep no longer from where a page was asked for: it is over."""
    known = db.session.get(CheckoutOrigin, checkout.id)
    if known is not None:
        db.session.delete(known)
