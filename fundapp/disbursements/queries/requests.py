"""Requests as the viewer may see them: case managers those of their districts, but for children
whom they handed on; others all.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.children.models import Child, ConsentKind
from fundapp.children.queries import has_consent_on, merged_into
from fundapp.db import BigInt, count_rows, counted, db, newest_of_each
from fundapp.disbursements.entry_drafts import SOURCE_TYPE
from fundapp.disbursements.errors import RequestsOpenError
from fundapp.disbursements.models import (
    DisbursementRequest,
    Need,
    RequestLine,
    RequestStatus,
)
from fundapp.disbursements.policy import may_decide, may_resubmit, needs_check
from fundapp.disbursements.queries.payouts import is_share_out
from fundapp.disbursements.queries.visibility import (
    has_handed_on,
    sees_request,
    visible_requests,
)
from fundapp.disbursements.workflow import OPEN_STATES
from fundapp.errors import NotFoundError
from fundapp.identity.queries import names_of
from fundapp.ledger.models import Fund, Restriction
from fundapp.paging import Page, page_of
from fundapp.remarks.encryption import digest_in
from fundapp.trail.queries import list_events

PAGE_SIZE = 50
#: Values in one statement.
_AT_ONCE = 1_000
#: Actions of the trail that no row of this package records.
_MOVE_VERBS = ("resubmit", "cancel", "reopen", "erase-words")
_MOVES = {f"disbursements:request:{verb}": verb for verb in _MOVE_VERBS}


def get_request(public_id: str, *, viewer: Actor) -> DisbursementRequest:
    """The request of that public id; NotFoundError when there is none or it is not the viewer's
    to see.
    """
    is_wanted = DisbursementRequest.public_id == public_id
    request = db.session.scalars(select(DisbursementRequest).where(is_wanted)).one_or_none()
    if request is None or not sees_request(viewer, request):
        raise NotFoundError
    return request


def load_whole(ids: Collection[int]) -> list[DisbursementRequest]:
    """These requests with all that is read of them, anew, in a few statements however many they
    are. Keep the list while they are used: nothing else holds them.
    """
    wanted, found = sorted(ids), list[DisbursementRequest]()
    for start in range(0, len(wanted), _AT_ONCE):
        chunk = DisbursementRequest.id.in_(wanted[start : start + _AT_ONCE])
        statement = select(DisbursementRequest).where(chunk).order_by(DisbursementRequest.id)
        found += db.session.scalars(statement.execution_options(populate_existing=True))
    return found


def find_open_requests(fund_code: str) -> RequestsOpenError | None:
    """What stands against closing the fund: requests on which somebody still has work."""
    is_open = DisbursementRequest.status.in_(OPEN_STATES)
    statement = select(func.count(DisbursementRequest.id)).where(
        DisbursementRequest.fund_code == fund_code, is_open
    )
    count = db.session.scalar(statement)
    return RequestsOpenError(params={"count": count}) if count else None


def count_requests_in_work(child: Child) -> int:
    """How many requests for the child are being decided on, approved and not paid, or paid and not
    proved, unless its share came back.
    """
    statement = (
        select(func.count(DisbursementRequest.id.distinct()))
        .join(RequestLine, RequestLine.request_id == DisbursementRequest.id)
        .where(
            RequestLine.child_id == child.id,
            DisbursementRequest.status.in_(OPEN_STATES),
            is_share_out(),
        )
    )
    return db.session.scalar(statement) or 0


def get_request_to_change(public_id: str, *, viewer: Actor) -> DisbursementRequest:
    """As `get_request`, for the form; NotFoundError unless the viewer asked for it, and did not
    hand all its children on since.
    """
    request = get_request(public_id, viewer=viewer)
    if not may_resubmit(viewer, request) or has_handed_on(viewer, request):
        raise NotFoundError
    return request


@dataclass(frozen=True, slots=True)
class Move:
    """Who sent a request in again (``resubmit``), cancelled it (``cancel``), sent it back as the
    bank could not pay it (``reopen``) or erased its words
    (``erase-words``, on the ground ``note``), and when; ``digest`` is that of the reason's words.
    """

    verb: str
    at: datetime
    name: str
    digest: bytes | None
    note: str = ""


def list_moves(request: DisbursementRequest) -> list[Move]:
    """When the request was sent in again or cancelled, oldest first: only the trail knows."""
    events = [
        event
        for event in reversed(list_events(SOURCE_TYPE, request.public_id))
        if event.action in _MOVES
    ]
    names = names_of(event.actor for event in events)
    return [
        Move(
            _MOVES[event.action],
            event.at,
            names.get(event.actor, event.actor),
            digest_in(event.note),
            event.note,
        )
        for event in events
    ]


def list_requests(
    *,
    viewer: Actor,
    status: RequestStatus | None = None,
    district_code: str | None = None,
    fund_code: str | None = None,
    child_id: int | None = None,
    without_consent: bool = False,
    after: int | None = None,
    limit: int = PAGE_SIZE,
) -> Page[DisbursementRequest]:
    """Requests, newest first, by key: ``after`` is the last row id shown.

    ``without_consent``: only those in work whose consents have ended. Lines, decisions, payouts and
    proofs of receipt are not loaded, so a page is one query.
    """
    filters: list[ColumnElement[bool]] = []
    if status is not None:
        filters.append(DisbursementRequest.status == status)
    if fund_code is not None:
        filters.append(DisbursementRequest.fund_code == fund_code)
    if child_id is not None:
        files = union_all(select(literal(child_id, BigInt)), merged_into(child_id)).subquery()
        of_child = select(RequestLine.request_id).where(RequestLine.child_id.in_(select(files)))
        filters.append(DisbursementRequest.id.in_(of_child))
    if without_consent:
        filters.append(_lacks_consent(clock.today()))
    if after is not None:
        filters.append(DisbursementRequest.id < after)
    codes = _districts_shown(viewer, district_code)
    if codes is not None and child_id is None and not without_consent:
        filters.append(visible_requests(viewer))
        of_districts = (DisbursementRequest.id, DisbursementRequest.district_code, codes)
        filters = [newest_of_each(*of_districts, *filters, limit=limit + 1)]
    elif codes is not None:
        filters += [DisbursementRequest.district_code.in_(codes), visible_requests(viewer)]
    statement = select(DisbursementRequest).where(*filters).options(*_WITHOUT_PARTS)
    newest_first = statement.order_by(DisbursementRequest.id.desc()).limit(limit + 1)
    rows = db.session.scalars(newest_first).all()
    return page_of(rows, limit, lambda request: request.id)


def list_waiting(
    *,
    viewer: Actor,
    district_code: str | None = None,
    fund_code: str | None = None,
    after: int | None = None,
    limit: int = PAGE_SIZE,
) -> Page[DisbursementRequest]:
    """Requests that wait for a decision, those who wait longest first, by key: ``after`` is the
    last row id shown.
    """
    filters = [visible_requests(viewer), DisbursementRequest.status == RequestStatus.SUBMITTED]
    if district_code is not None:
        filters.append(DisbursementRequest.district_code == district_code)
    if fund_code is not None:
        filters.append(DisbursementRequest.fund_code == fund_code)
    if after is not None:
        filters.append(DisbursementRequest.id > after)
    statement = select(DisbursementRequest).where(*filters).options(*_WITHOUT_PARTS)
    rows = db.session.scalars(statement.order_by(DisbursementRequest.id).limit(limit + 1)).all()
    return page_of(rows, limit, lambda request: request.id)


def _districts_shown(viewer: Actor, district_code: str | None) -> set[str] | None:
    """The districts of a list: the chosen one, or all of the viewer; None for every district."""
    if viewer.can_everywhere(Permission.DISBURSEMENT_READ):
        return {district_code} if district_code else None
    own = set(viewer.districts_of(Permission.DISBURSEMENT_READ))
    return own & {district_code} if district_code else own


def count_by_status(
    *, viewer: Actor, statuses: Collection[RequestStatus] = tuple(RequestStatus)
) -> dict[RequestStatus, int]:
    """How many requests the viewer may see in each of the states, those without any included."""
    is_seen = visible_requests(viewer)
    of_state = [
        select(DisbursementRequest.id).where(is_seen, DisbursementRequest.status == status)
        for status in statuses
    ]
    counts = db.session.execute(select(*map(counted, of_state))).one() if of_state else ()
    return dict(zip(statuses, counts, strict=True))


def count_without_consent(*, viewer: Actor) -> int:
    """How many requests that the viewer may see are in work although a consent that they rest on
    has ended.
    """
    statement = select(DisbursementRequest.id).where(
        visible_requests(viewer), _lacks_consent(clock.today())
    )
    return count_rows(statement)


def list_open_requests_of(child: Child) -> list[DisbursementRequest]:
    """The requests for the child that somebody still has to work on, oldest first."""
    statement = select(DisbursementRequest).where(
        DisbursementRequest.status.in_(OPEN_STATES),
        DisbursementRequest.lines.any((RequestLine.child_id == child.id) & is_share_out()),
    )
    return list(db.session.scalars(statement.order_by(DisbursementRequest.id)))


def find_next_to_decide(
    decided: DisbursementRequest, *, viewer: Actor
) -> DisbursementRequest | None:
    """The oldest request that waits for the viewer's decision, but for the one just decided."""
    waiting = (
        select(DisbursementRequest)
        .where(
            visible_requests(viewer),
            DisbursementRequest.status == RequestStatus.SUBMITTED,
            DisbursementRequest.id != decided.id,
            DisbursementRequest.requested_by_id != viewer.person_id,
        )
        .order_by(DisbursementRequest.id)
        .limit(PAGE_SIZE)
    )
    return next(
        (
            each
            for each in db.session.scalars(waiting)
            if may_decide(viewer, each) and not needs_check(each)
        ),
        None,
    )


_WITHOUT_PARTS = [
    lazyload(DisbursementRequest.lines),
    lazyload(DisbursementRequest.approvals),
    lazyload(DisbursementRequest.payouts),
    lazyload(DisbursementRequest.proofs),
    lazyload(DisbursementRequest.confirmations),
    lazyload(DisbursementRequest.payee),
    lazyload(DisbursementRequest.releases),
    lazyload(DisbursementRequest.interests),
    lazyload(DisbursementRequest.account_checks),
]


def _lacks_consent(on: date) -> ColumnElement[bool]:
    """The rule of `policy.rests_on_consent` for requests in work, as SQL."""
    zakat = select(Fund.code).where(Fund.restriction == Restriction.ZAKAT)
    is_health = DisbursementRequest.need == Need.HEALTH
    is_zakat = DisbursementRequest.fund_code.in_(zakat)
    return and_(
        DisbursementRequest.status.in_(OPEN_STATES),
        DisbursementRequest.lines.any(
            RequestLine.child.has(
                or_(
                    ~has_consent_on(on),
                    and_(is_health, ~has_consent_on(on, ConsentKind.SENSITIVE_FACTS)),
                    and_(is_zakat, ~has_consent_on(on, ConsentKind.ZAKAT)),
                )
            )
        ),
    )
