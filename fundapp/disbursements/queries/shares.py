"""Which children a part of a request's money was for: the other end of the thread in the books.

The money of a request, oldest first, goes to its lines in their order. So a part that begins so
many satang after the first one reaches the lines that lie there. Shares that came back have none:
with them the newest money of the request went back.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp.access.actors import Actor
from fundapp.children.models import Child
from fundapp.clock import local_day
from fundapp.db import db
from fundapp.disbursements.models import (
    DisbursementRequest,
    Need,
    Payout,
    ProofOfReceipt,
    ReceiptConfirmation,
    ReceiptOutcome,
    RequestLine,
    RequestStatus,
)
from fundapp.disbursements.queries.payouts import is_payment_of_request, is_share_out
from fundapp.disbursements.queries.visibility import visible_requests

#: Where a part begins among the satang of its request, and how long it is.
Part = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ChildShare:
    """What of a part was for one child, who is known here by the code alone."""

    code: str
    satang: int


@dataclass(frozen=True, slots=True)
class HelpShare:
    """The request that a part of the books' money was for. ``children`` are those of the part, in
    the order of the request; ``proofs`` are what the payee said of the payment that stands, oldest
    first.
    """

    public_id: str
    number: str
    status: RequestStatus
    need: Need
    district_code: str
    paid_on: date | None
    proofs: Sequence[tuple[ReceiptOutcome, date]]
    children: Sequence[ChildShare]


def read_shares(
    parts: Mapping[int, Sequence[Part]], *, viewer: Actor
) -> dict[int, list[HelpShare]]:
    """For each entry that approved help, the request behind each of the parts; of requests that the
    viewer may see.
    """
    statement = select(DisbursementRequest).where(
        DisbursementRequest.approval_entry_id.in_(parts), visible_requests(viewer)
    )
    requests = db.session.scalars(statement.options(lazyload("*"))).all()
    ids = [request.id for request in requests]
    lines, proofs, paid = _lines(ids), _proofs(ids), _paid(ids)
    shares: dict[int, list[HelpShare]] = {}
    for request in requests:
        entry_id = request.approval_entry_id or 0
        shares[entry_id] = [
            HelpShare(
                request.public_id,
                request.number,
                request.status,
                request.need,
                request.district_code,
                paid.get(request.id),
                proofs.get(request.id, []),
                list(split_lines(lines[request.id], *part)),
            )
            for part in parts[entry_id]
        ]
    return shares


def split_lines(lines: Iterable[ChildShare], start: int, satang: int) -> Iterator[ChildShare]:
    """What the satang from ``start`` on reach of the lines, in their order."""
    end, place = start + satang, 0
    for line in lines:
        reached = min(end, place + line.satang) - max(start, place)
        if reached > 0:
            yield ChildShare(line.code, reached)
        place += line.satang


def _lines(request_ids: Sequence[int]) -> dict[int, list[ChildShare]]:
    statement = (
        select(RequestLine.request_id, Child.code, RequestLine.amount_satang)
        .join(Child, Child.id == RequestLine.child_id)
        .where(RequestLine.request_id.in_(request_ids), is_share_out())
        .order_by(RequestLine.request_id, RequestLine.id)
    )
    lines: dict[int, list[ChildShare]] = defaultdict(list)
    for request_id, code, satang in db.session.execute(statement):
        lines[request_id].append(ChildShare(code, satang))
    return lines


def _proofs(request_ids: Sequence[int]) -> dict[int, list[tuple[ReceiptOutcome, date]]]:
    """What was said of the payment that stands, not of one that came back."""
    statement = (
        select(ProofOfReceipt.request_id, ProofOfReceipt.outcome, ProofOfReceipt.confirmed_on)
        .join(DisbursementRequest, DisbursementRequest.id == ProofOfReceipt.request_id)
        .join(Payout, is_payment_of_request())
        .where(ProofOfReceipt.request_id.in_(request_ids), ProofOfReceipt.id > Payout.id)
        .order_by(ProofOfReceipt.id)
    )
    proofs: dict[int, list[tuple[ReceiptOutcome, date]]] = defaultdict(list)
    for request_id, outcome, day in db.session.execute(statement):
        proofs[request_id].append((outcome, day))
    by_link = (
        select(
            ReceiptConfirmation.request_id,
            ReceiptConfirmation.outcome,
            ReceiptConfirmation.confirmed_at,
        )
        .join(DisbursementRequest, DisbursementRequest.id == ReceiptConfirmation.request_id)
        .join(Payout, is_payment_of_request())
        .where(
            ReceiptConfirmation.request_id.in_(request_ids),
            ReceiptConfirmation.confirmed_at >= Payout.recorded_at,
        )
        .order_by(ReceiptConfirmation.confirmed_at)
    )
    for request_id, outcome, at in db.session.execute(by_link):
        proofs[request_id].append((outcome, local_day(at)))
    return {each: sorted(said, key=itemgetter(1)) for each, said in proofs.items()}


def _paid(request_ids: Sequence[int]) -> dict[int, date]:
    statement = (
        select(Payout.request_id, Payout.paid_on)
        .join(DisbursementRequest, is_payment_of_request())
        .where(Payout.request_id.in_(request_ids))
    )
    rows = db.session.execute(statement)
    return {request_id: day for request_id, day in rows}  # noqa: C416 - rows are no pairs to mypy
