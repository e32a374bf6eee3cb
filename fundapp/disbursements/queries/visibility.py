"""Which requests somebody sees, and what of each: the rules of `policy` with what the database says
of children who were handed on.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission, Role
from fundapp.children.queries.visibility import is_handed_on, seen_of
from fundapp.db import db
from fundapp.disbursements.models import DisbursementRequest, RequestLine
from fundapp.disbursements.policy import ShownParts, may_see, parts_for


def visible_requests(
    viewer: Actor, permission: Permission = Permission.DISBURSEMENT_READ
) -> ColumnElement[bool]:
    """The rule of `policy.may_see`, as SQL; or the same for another permission."""
    if viewer.can_everywhere(permission):
        return true()
    own = viewer.districts_of(permission)
    others = viewer.districts_of(permission, but=Role.CASE_MANAGER)
    is_here = DisbursementRequest.district_code.in_(own)
    if own == others:
        return is_here
    is_kept = or_(
        DisbursementRequest.requested_by_id == viewer.user_id, ~is_request_handed_on(viewer.user_id)
    )
    if others:
        is_kept = or_(DisbursementRequest.district_code.in_(others), is_kept)
    return and_(is_here, is_kept)


def is_request_handed_on(person_id: Any) -> ColumnElement[bool]:
    """That the person, by row id, handed on every child of the request. Mostly the first one says
    no.
    """
    kept = select(RequestLine.id).where(
        RequestLine.request_id == DisbursementRequest.id,
        ~is_handed_on(RequestLine.child_id, person_id),
    )
    return ~kept.correlate_except(RequestLine).exists()


def sees_request(viewer: Actor, request: DisbursementRequest) -> bool:
    """Whether the viewer may see the request; a question to the database only where a hand-over
    can decide.
    """
    if may_see(viewer, request, is_handed_on=True):
        return True
    may = may_see(viewer, request, is_handed_on=False)
    return may and not _is_handed_on(viewer, request)


def has_handed_on(viewer: Actor, request: DisbursementRequest) -> bool:
    """Whether the viewer may see the request only because of having asked for it: its children were
    handed on since.
    """
    asked = viewer.user_id is not None and viewer.user_id == request.requested_by_id
    code = request.district_code
    if not asked or viewer.can_in(Permission.DISBURSEMENT_READ, code, but=Role.CASE_MANAGER):
        return False
    return _is_handed_on(viewer, request)


def unseen_children(viewer: Actor, request: DisbursementRequest) -> set[int]:
    """The ids of the children of the request whose files the viewer may not see: a question for
    each thousand, and none where only the role decides.
    """
    if viewer.can_everywhere(Permission.CHILD_READ):
        return set()  # the thousands of a whole class are not even loaded
    children = [line.child for line in request.lines]
    seen = seen_of(viewer, children)
    return {child.id for child in children if child.id not in seen}


def shown_parts(viewer: Actor, request: DisbursementRequest, on: date) -> ShownParts:
    """What of the request the viewer is shown on this day."""
    return parts_for(
        viewer,
        request,
        on,
        sees_children=not unseen_children(viewer, request),
        is_handed_on=has_handed_on(viewer, request),
    )


def _is_handed_on(viewer: Actor, request: DisbursementRequest) -> bool:
    found = select(DisbursementRequest.id).where(
        DisbursementRequest.id == request.id, is_request_handed_on(viewer.user_id)
    )
    return db.session.scalar(found) is not None
