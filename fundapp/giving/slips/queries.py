"""Reading slips."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, literal, or_, select, text, tuple_
from sqlalchemy.orm import contains_eager, joinedload, lazyload

from fundapp import clock
from fundapp.db import BigInt, UtcDateTime, count_rows, db
from fundapp.errors import NotFoundError
from fundapp.giving.models import Instalment, Payment, PaymentStatus, Pledge, Slip, SlipStatus
from fundapp.giving.reader import open_trans_ref
from fundapp.giving.slips.steps import is_alike
from fundapp.paging import Page, page_of

#: The condition of the index of slips that wait.
_IS_WAITING = text("slips.status = 'waiting'")
#: Slips that wait which are compared with lines of the bank.
MOST_COMPARED = 500
_COMPARED = (
    select(
        Slip.id,
        Slip.sent_at,
        Slip.trans_ref_encrypted,
        Instalment.reference,
        (Instalment.amount_satang - Instalment.paid_satang).label("open_satang"),
    )
    .join(Slip.instalment)
    .where(_IS_WAITING)
    .order_by(Slip.sent_at.desc(), Slip.id)
    .limit(MOST_COMPARED)
)


@dataclass(frozen=True, slots=True)
class ComparedSlip:
    """What of a slip is compared with lines: the day on which it was sent, the bank's reference on
    it, and its instalment's reference and open amount.
    """

    id: int
    sent_on: date
    trans_ref: str
    reference: str
    open_satang: int


def count_waiting_slips() -> int:
    """How many slips wait for the bank; no more than `MOST_COUNTED` + 1 are counted."""
    return count_rows(select(Slip.id).where(_IS_WAITING))


def list_waiting_slips(*, after: int = 0, limit: int = 50) -> Page[Slip]:
    """Slips that wait, the oldest first, with their pledges; paged by the id of the last one."""
    statement = _with_pledges().where(_IS_WAITING).order_by(Slip.sent_at, Slip.id)
    last = db.session.get(Slip, after) if after else None
    if last is not None:
        shown = tuple_(literal(last.sent_at, UtcDateTime), literal(last.id, BigInt))
        statement = statement.where(tuple_(Slip.sent_at, Slip.id) > shown)
    rows = list(db.session.scalars(statement.limit(limit + 1)))
    return page_of(rows, limit, lambda slip: str(slip.id))


def list_slips_to_compare() -> list[ComparedSlip]:
    """The newest slips that wait, without objects: on most pages none of them fits."""
    return [
        ComparedSlip(
            row.id,
            clock.local_day(row.sent_at),
            open_trans_ref(row.id, row.trans_ref_encrypted),
            row.reference,
            row.open_satang,
        )
        for row in db.session.execute(_COMPARED)
    ]


def load_slips(ids: Collection[int]) -> dict[int, Slip]:
    """These slips, by id, with their instalments and pledges and what was said with those."""
    if not ids:
        return {}
    slips = db.session.scalars(_with_these_ids(), {"ids": sorted(ids)})
    return {slip.id: slip for slip in slips}


@cache
def _with_these_ids() -> Select[Slip]:
    slips = _with_pledges(with_details=True)
    return slips.where(Slip.id.in_(bindparam("ids", expanding=True)))


def get_slip(public_id: str) -> Slip:
    """The slip with its instalment and pledge; NotFoundError."""
    slip = db.session.scalar(_with_pledges().where(Slip.public_id == public_id))
    if slip is None:
        raise NotFoundError
    return slip


def list_slips_of(pledge_id: int) -> list[Slip]:
    """The slips that were sent for a pledge, newest first."""
    of_pledge = select(Slip).where(Slip.pledge_id == pledge_id)
    return list(db.session.scalars(of_pledge.order_by(Slip.sent_at.desc(), Slip.id.desc())))


def find_twins(slips: Sequence[Slip]) -> dict[int, list[Slip]]:
    """Of each of these slips the others of the same transfer, or of the same file, that were not
    rejected, by the id of the slip; only of those that have any.
    """
    if not slips:
        return {}
    found = list(db.session.scalars(_with_pledges().where(*_is_like(slips)).order_by(Slip.id)))
    twins = {
        slip.id: [other for other in found if other.id != slip.id and is_alike(slip, other)]
        for slip in slips
    }
    return {slip_id: others for slip_id, others in twins.items() if others}


def find_twin_ids(slips: Collection[Slip]) -> set[int]:
    """The ids of those of these slips of which `find_twins` finds others."""
    if not slips:
        return set()
    parts = select(Slip.id, Slip.code_digest, Slip.original_sha256).where(*_is_like(slips))
    found = db.session.execute(parts).all()
    return {slip.id for slip in slips for row in found if row.id != slip.id and is_alike(slip, row)}


def _is_like(slips: Collection[Slip]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Of the same transfer, or of the same file, as one of these slips, and not rejected."""
    alike = or_(
        Slip.code_digest.in_({slip.code_digest for slip in slips if slip.code_digest}),
        Slip.original_sha256.in_({slip.original_sha256 for slip in slips}),
    )
    return alike, Slip.status != SlipStatus.REJECTED


def list_payments_for(slip: Slip) -> list[Payment]:
    """The payments of the slip's pledge that count and have no slip, newest first."""
    has_slip = select(Slip.id).where(Slip.payment_id == Payment.id).exists()
    statement = select(Payment).where(
        Payment.pledge_id == slip.pledge_id, Payment.status == PaymentStatus.RECEIVED, ~has_slip
    )
    newest = Payment.received_on.desc(), Payment.id.desc()
    return list(db.session.scalars(statement.order_by(*newest).limit(20)))


def _with_pledges(*, with_details: bool = False) -> Select[Slip]:
    load_details = joinedload if with_details else lazyload
    return (
        select(Slip)
        .join(Slip.instalment)
        .join(Instalment.pledge)
        .options(
            contains_eager(Slip.instalment)
            .contains_eager(Instalment.pledge)
            .options(
                lazyload(Pledge.instalments),
                joinedload(Pledge.donor),
                load_details(Pledge.details),
            ),
        )
    )
