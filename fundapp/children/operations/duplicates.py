"""Two files that may be of one child: comparing them, deciding, merging, and undoing that."""

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.access.permissions import Permission
from fundapp.children.comparing import reasons_of
from fundapp.children.errors import (
    DuplicateDecidedError,
    FileClosedError,
    NoReasonError,
    NotMergedError,
    OtherDistrictError,
    OtherFileError,
    OwnRegistrationError,
)
from fundapp.children.files import ComparedFiles
from fundapp.children.handovers.steps import resume_care
from fundapp.children.locking import lock_child
from fundapp.children.models import (
    Child,
    ChildMerge,
    ChildStatus,
    CloseReason,
    DuplicateDecision,
    Purpose,
)
from fundapp.children.open_files import count_released_file
from fundapp.children.policy import may_decide_duplicate
from fundapp.children.queries import (
    find_merge,
    find_other_file,
    get_child,
    get_finding,
    sees_child,
)
from fundapp.children.reader import Reader
from fundapp.children.steps import close_file, duplicate_remark, record_child_event
from fundapp.db import db
from fundapp.identity.queries import current_authority
from fundapp.remarks.models import Remark, RemarkKind
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
        reader.file(finding.other) if sees_child(actor, finding.other) else None,
        {remark.digest: reader.remark(remark, child) for remark in remarks},
        reasons_of(child, finding.other),
        find_merge(child),
    )


def decide_duplicate(
    public_id: str, decision: DuplicateDecision, *, reason: str, actor: Actor
) -> Child:
    """Decide whether the new file is of another child, and goes on, or of the same child, and is
    merged into the other one, which can be undone.

    Raises ForbiddenError, NotFoundError, OtherDistrictError, OwnRegistrationError,
    DuplicateDecidedError, NoReasonError, PersonalDataError, ChildNamedError.
    """
    child, actor = _lock_to_decide(public_id, actor)
    finding = get_finding(child)
    if child.status is not ChildStatus.WAITING or finding.decision is not None:
        raise DuplicateDecidedError
    remark = _reason(child, reason, actor)
    finding.decision = decision
    finding.decided_by_id, finding.decided_at = actor.person_id, clock.now()
    finding.decision_digest = remark.digest
    db.session.flush()
    if decision is DuplicateDecision.ANOTHER_CHILD:
        child.status = ChildStatus.ACTIVE
        count_released_file(child)
    else:
        _merge(child, finding.other, remark, actor)
    record_child_event("children:duplicate:decide", child, actor, f"{decision} {remark.trace}")
    db.session.flush()
    return child


def merge_child(public_id: str, other_code: str, *, reason: str, actor: Actor) -> Child:
    """Close a file because its child has another one, which has this code; nothing is moved, the
    other file names this one, and it can be undone. Returns the other file.

    Raises ForbiddenError, NotFoundError, OtherDistrictError, OwnRegistrationError, FileClosedError,
    OtherFileError, NoReasonError, PersonalDataError, ChildNamedError.
    """
    child, actor = _lock_to_decide(public_id, actor)
    if child.status is not ChildStatus.ACTIVE:
        raise FileClosedError
    other = find_other_file(other_code)
    if other is None or other.id == child.id or other.close_reason is CloseReason.SAME_CHILD:
        raise OtherFileError(field="other_code")
    remark = _reason(child, reason, actor)
    _merge(child, other, remark, actor)
    record_child_event("children:duplicate:merge", child, actor, remark.trace)
    record_child_event("children:duplicate:take-in", other, actor)
    db.session.flush()
    return other


def undo_merge(public_id: str, *, reason: str, actor: Actor) -> Child:
    """Open a file again that was closed because its child has another one.

    Raises ForbiddenError, NotFoundError, OtherDistrictError, OwnRegistrationError, NotMergedError,
    NoReasonError, PersonalDataError, ChildNamedError.
    """
    child, actor = _lock_to_decide(public_id, actor)
    merge = find_merge(child)
    if merge is None:
        raise NotMergedError
    remark = _reason(child, reason, actor)
    merge.undone_by_id, merge.undone_at = actor.person_id, clock.now()
    merge.undone_digest = remark.digest
    db.session.flush()
    child.status, child.closed_on, child.close_reason = ChildStatus.ACTIVE, None, None
    count_released_file(child)
    resume_care(child)
    record_child_event("children:duplicate:undo", child, actor, remark.trace)
    db.session.flush()
    return child


def _lock_to_decide(public_id: str, actor: Actor) -> tuple[Child, Actor]:
    """The child, locked, and the actor as of now, who decides on duplicates of its district."""
    require(actor.can(Permission.DUPLICATE_DECIDE))
    child = lock_child(public_id)
    actor = current_authority(actor)
    get_child(child.public_id, viewer=actor)
    if not may_decide_duplicate(actor, child):
        raise OwnRegistrationError if _registered(actor, child) else OtherDistrictError
    return child, actor


def _reason(child: Child, reason: str, actor: Actor) -> Remark:
    if not reason.strip():
        raise NoReasonError(field="reason")
    return duplicate_remark(child, reason.strip(), field="reason", actor=actor)


def _merge(child: Child, other: Child, remark: Remark, actor: Actor) -> None:
    db.session.add(
        ChildMerge(
            child=child,
            into=other,
            merged_by_id=actor.person_id,
            merged_at=clock.now(),
            reason_digest=remark.digest,
        )
    )
    db.session.flush()
    close_file(child, CloseReason.SAME_CHILD)


def _registered(actor: Actor, child: Child) -> bool:
    return actor.user_id == child.registered_by_id
