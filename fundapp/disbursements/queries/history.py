"""What was given before to the children, households and payee of a request, without decrypting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from fundapp.children.models import Child
from fundapp.db import db
from fundapp.disbursements.entry_drafts import SOURCE_TYPE
from fundapp.disbursements.models import (
    DisbursementRequest,
    Payout,
    RequestLine,
    RequestPayee,
    RequestStatus,
)
from fundapp.disbursements.queries.payouts import is_payment_of_request, is_share_out
from fundapp.disbursements.workflow import OWED_STATES
from fundapp.documents.models import Document

#: Asked for and not paid yet.
_WAITING = (RequestStatus.SUBMITTED, RequestStatus.RETURNED, RequestStatus.APPROVED)
_MOST_PAPERS = 200


@dataclass(frozen=True, slots=True)
class HelpBefore:
    """How many other requests, and how much of them, in satang."""

    count: int = 0
    satang: int = 0


def help_of_children(request: DisbursementRequest, since: datetime) -> dict[int, HelpBefore]:
    """What was approved for each child of the request by other requests sent in since then."""
    return _by_child(
        request,
        DisbursementRequest.status.in_(OWED_STATES),
        DisbursementRequest.requested_at >= since,
    )


def waiting_of_children(request: DisbursementRequest) -> dict[int, HelpBefore]:
    """What other requests for each child of the request wait for a decision or the payment."""
    return _by_child(request, DisbursementRequest.status.in_(_WAITING))


def help_of_households(request: DisbursementRequest, since: datetime) -> dict[int, int]:
    """By guardian: what was approved since then for all children of the guardian, other requests
    only, in satang.
    """
    guardians = {line.child.guardian_id for line in request.lines}
    statement = (
        select(Child.guardian_id, func.sum(RequestLine.amount_satang))
        .join(RequestLine, RequestLine.child_id == Child.id)
        .join(DisbursementRequest, DisbursementRequest.id == RequestLine.request_id)
        .where(
            Child.guardian_id.in_(guardians),
            is_share_out(),
            DisbursementRequest.id != request.id,
            DisbursementRequest.status.in_(OWED_STATES),
            DisbursementRequest.requested_at >= since,
        )
        .group_by(Child.guardian_id)
    )
    return {guardian: int(satang) for guardian, satang in db.session.execute(statement)}


def help_to_payee(request: DisbursementRequest, since: datetime) -> int:
    """What was approved since then for the same payee by other requests, in satang."""
    if request.payee is None:
        return 0
    statement = (
        select(func.sum(RequestLine.amount_satang))
        .join(DisbursementRequest, DisbursementRequest.id == RequestLine.request_id)
        .where(
            _same_payee(request),
            DisbursementRequest.status.in_(OWED_STATES),
            DisbursementRequest.requested_at >= since,
            is_share_out(),
        )
    )
    return int(db.session.scalar(statement) or 0)


def is_first_payment(request: DisbursementRequest) -> bool:
    """Whether nothing was ever paid to a payee of this name."""
    if request.payee is None:
        return True
    paid = select(Payout.id).join(DisbursementRequest, is_payment_of_request())
    return db.session.scalar(paid.where(_same_payee(request)).limit(1)) is None


def find_twice_filed(request: DisbursementRequest) -> list[tuple[str, str]]:
    """Number and public id of earlier requests of the same payee or children, whose signed paper
    was filed with another request too.
    """
    of_children = select(RequestLine.request_id).where(
        RequestLine.child_id.in_([line.child_id for line in request.lines])
    )
    is_related = or_(DisbursementRequest.id.in_(of_children), _same_payee(request))
    related = (
        select(Document.original_sha256, Document.subject_ref)
        .join(DisbursementRequest, DisbursementRequest.public_id == Document.subject_ref)
        .where(Document.subject_type == SOURCE_TYPE, is_related)
        .order_by(Document.id.desc())
        .limit(_MOST_PAPERS)
    )
    papers = db.session.execute(related).all()
    again = select(Document.original_sha256, Document.subject_ref).where(
        Document.subject_type == SOURCE_TYPE,
        Document.original_sha256.in_([sha256 for sha256, _ref in papers]),
    )
    refs: dict[bytes, set[str]] = {}
    for sha256, ref in db.session.execute(again):
        refs.setdefault(sha256, set()).add(ref)
    twice = set[str]().union(*(each for each in refs.values() if len(each) > 1))
    return _numbers(sorted(twice))


def _numbers(public_ids: Sequence[str]) -> list[tuple[str, str]]:
    statement = (
        select(DisbursementRequest.number, DisbursementRequest.public_id)
        .where(DisbursementRequest.public_id.in_(public_ids))
        .order_by(DisbursementRequest.number)
    )
    return [(number, public_id) for number, public_id in db.session.execute(statement)]


def _same_payee(request: DisbursementRequest) -> ColumnElement[bool]:
    """Other requests whose payee has the same name."""
    lookup = request.payee.name_lookup if request.payee else b""
    same = select(RequestPayee.id).where(RequestPayee.name_lookup == lookup)
    return DisbursementRequest.id.in_(same) & (DisbursementRequest.id != request.id)


def _by_child(request: DisbursementRequest, *filters: ColumnElement[bool]) -> dict[int, HelpBefore]:
    statement = (
        select(
            RequestLine.child_id,
            func.count(RequestLine.id),
            func.sum(RequestLine.amount_satang),
        )
        .join(DisbursementRequest, DisbursementRequest.id == RequestLine.request_id)
        .where(
            RequestLine.child_id.in_([line.child_id for line in request.lines]),
            DisbursementRequest.id != request.id,
            is_share_out(),
            *filters,
        )
        .group_by(RequestLine.child_id)
    )
    rows = db.session.execute(statement)
    return {child_id: HelpBefore(count, int(satang)) for child_id, count, satang in rows}
