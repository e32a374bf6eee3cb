"""Opening files: decrypting is a read, and a read is written to the trail in the same unit of
work.
"""

from collections.abc import Sequence

from fundapp.access.actors import Actor
from fundapp.children import queries
from fundapp.children.files import (
    ChildFile,
    ChildName,
    KnownGuardian,
    open_file,
    open_guardian,
    open_name,
)
from fundapp.children.models import Child, Purpose
from fundapp.children.operations.consents import get_correctable
from fundapp.documents.models import Document
from fundapp.errors import NotFoundError
from fundapp.trail.operations import record_child_reads


def read_file(public_id: str, *, actor: Actor, purpose: Purpose = Purpose.FILE) -> ChildFile:
    """Open a child's file; NotFoundError when it is not the actor's to see."""
    child = queries.get_child(public_id, viewer=actor)
    record_child_reads([child.public_id], reader=actor, purpose=purpose)
    return open_file(child)


def read_file_to_change(public_id: str, *, actor: Actor) -> ChildFile:
    """Open a file that the actor is about to correct; refused like the correction itself."""
    get_correctable(public_id, actor=actor)
    return read_file(public_id, actor=actor, purpose=Purpose.EDIT)


def read_names(children: Sequence[Child], *, actor: Actor) -> list[ChildName]:
    """Open the names of children the actor may see; those that stay hidden are no read."""
    names = [open_name(child) for child in children]
    seen = [name.child.public_id for name in names if name.is_shown]
    record_child_reads(seen, reader=actor, purpose=Purpose.LIST)
    return names


def read_guardian(public_id: str, *, actor: Actor) -> KnownGuardian:
    """Open a guardian, to register a sibling; NotFoundError when none of the children may be seen.

    A guardian is shown while the consent of a child of theirs stands.
    """
    found = queries.find_guardian_with_child(public_id, viewer=actor)
    if found is None:
        raise NotFoundError
    guardian, child = found
    record_child_reads([child.public_id], reader=actor, purpose=Purpose.REGISTER)
    return open_guardian(guardian)


def read_paper(public_id: str, consent_id: int, *, actor: Actor) -> Document:
    """The signed paper of a consent; NotFoundError when there is none, or it may not be shown."""
    child = queries.get_child(public_id, viewer=actor)
    consent = queries.get_consent(child, consent_id)
    paper = queries.list_papers(child).get(consent.id)
    if paper is None or not open_name(child).is_shown:
        raise NotFoundError
    record_child_reads([child.public_id], reader=actor, purpose=Purpose.PAPER)
    return paper
