"""A new file that may be of a child who has one already: comparing the two, and deciding."""

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.access.permissions import Permission
from fundapp.children.errors import (
    DuplicateDecidedError,
    NoReasonError,
    OtherDistrictError,
    OwnRegistrationError,
)
from fundapp.children.files import ComparedFiles
from fundapp.children.locking import lock_child
from fundapp.children.models import Child, ChildStatus, CloseReason, DuplicateDecision, Purpose
from fundapp.children.open_files import count_released_file
from fundapp.children.policy import may_decide_duplicate, may_see_child
from fundapp.children.queries import get_child, get_finding
from fundapp.children.reader import Reader
from fundapp.children.steps import close_file, duplicate_remark, record_child_event
from fundapp.db import db
from fundapp.identity.queries import current_authority
from fundapp.remarks.models import RemarkKind
from fundapp.remarks.queries import list_remarks


def read_compared_files(public_id: str, *, actor: Actor) -> ComparedFiles:
    """The new file of this child and the one that it is compared with, each as far as the actor may
    see it, and why they are of one child or of two. It is a read of both.

    Raises NotFoundError where there is nothing to compare, or the file is not the actor's to see.
    """
    child = get_child(public_id, viewer=actor)
    finding = get_finding(child)
    reader = Reader(actor, Purpose.DUPLICATE)
    remarks = list_remarks("child", [child.public_id], RemarkKind.DUPLICATE)
    return ComparedFiles(
        finding,
        reader.file(child),
        reader.file(finding.other) if may_see_child(actor, finding.other) else None,
        {remark.digest: reader.remark(remark, child) for remark in remarks},
    )


def decide_duplicate(
    public_id: str, decision: DuplicateDecision, *, reason: str, actor: Actor
) -> Child:
    """Decide whether the new file is of another child, and goes on, or of the same child, and is
    closed. Nothing is merged.

    Raises ForbiddenError, NotFoundError, OtherDistrictError, OwnRegistrationError,
    DuplicateDecidedError, NoReasonError, PersonalDataError, ChildNamedError.
    """
    require(actor.can(Permission.DUPLICATE_DECIDE))
    child = lock_child(public_id)
    actor = current_authority(actor)
    finding = get_finding(get_child(child.public_id, viewer=actor))
    if not may_decide_duplicate(actor, child):
        raise OwnRegistrationError if _registered(actor, child) else OtherDistrictError
    if child.status is not ChildStatus.WAITING or finding.decision is not None:
        raise DuplicateDecidedError
    if not reason.strip():
        raise NoReasonError(field="reason")
    remark = duplicate_remark(child, reason.strip(), field="reason", actor=actor)
    finding.decision = decision
    finding.decided_by_id, finding.decided_at = actor.person_id, clock.now()
    finding.decision_digest = remark.digest
    db.session.flush()
    if decision is DuplicateDecision.ANOTHER_CHILD:
        child.status = ChildStatus.ACTIVE
        count_released_file(child)
    else:
        close_file(child, CloseReason.SAME_CHILD)
    record_child_event("children:duplicate:decide", child, actor, f"{decision} {remark.trace}")
    db.session.flush()
    return child


def _registered(actor: Actor, child: Child) -> bool:
    return actor.user_id == child.registered_by_id
