"""Reading children's files; each read is recorded in the same unit of work."""

from collections.abc import Sequence

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.comparing import AlikeFile, find_alike
from fundapp.children.drafts import ChildFacts
from fundapp.children.files import (
    ChildFile,
    ChildName,
    Correction,
    FoundChildren,
    KnownGuardian,
)
from fundapp.children.likeness import Person
from fundapp.children.locking import lock_child_to_correct
from fundapp.children.models import Child, Purpose
from fundapp.children.policy import (
    may_look_up,
    may_open_reads,
    may_register_somewhere,
    may_show_identity,
)
from fundapp.children.queries import (
    find_by_number_or_code,
    find_by_words,
    find_child_of_guardian,
    find_id_holder,
    get_child,
    get_consent,
    list_papers,
    load_again,
    seen_of,
)
from fundapp.children.reader import Reader
from fundapp.documents.models import Document
from fundapp.errors import NotFoundError
from fundapp.remarks.models import RemarkKind
from fundapp.remarks.queries import list_remarks
from fundapp.trail.operations import record_event

#: Names that a search shows at most.
MOST_FOUND = 25


def read_file(public_id: str, *, actor: Actor) -> ChildFile:
    """A child's file; NotFoundError when it is not the actor's to see."""
    child = get_child(public_id, viewer=actor)
    return Reader(actor, Purpose.FILE).file(child)


def read_file_to_change(public_id: str, *, actor: Actor) -> ChildFile:
    """A file that the actor is about to correct.

    Raises, as the correction itself does, NotFoundError, OtherDistrictError, FileClosedError,
    IdentityHiddenError.
    """
    child = lock_child_to_correct(public_id, actor=actor)
    return Reader(actor, Purpose.EDIT).file(child)


def look_up_child(text: str, *, actor: Actor) -> FoundChildren:
    """The child with exactly this identity number or code, or else those whose name is like it, at
    most `MOST_FOUND`, among those whom the actor may see. The look-up is recorded, without what was
    looked for.
    """
    require(may_look_up(actor))
    child = find_by_number_or_code(text, viewer=actor)
    names: list[ChildName] = []
    if child is None:
        reader = Reader(actor, Purpose.SEARCH)
        names = reader.find_named(find_by_words(text, viewer=actor), text, limit=MOST_FOUND)
    record_event(
        "children:child:look-up",
        actor=actor,
        subject_type="child",
        subject_ref=child.public_id if child else "",
        note="" if child or names else "nothing found",
    )
    return FoundChildren(child, tuple(names))


def find_alike_files(
    facts: ChildFacts, guardian_name: str, *, actor: Actor
) -> tuple[list[AlikeFile], Child | None]:
    """The files that may be of the child who is being registered, in whatever district, and the one
    that has its number: while the form is filled in. It is recorded, without what was typed.

    Raises ForbiddenError.
    """
    require(may_register_somewhere(actor))
    person = Person(
        facts.given_name, facts.family_name, facts.birth, guardian_name, facts.school_name
    )
    found = find_alike(person, viewer=actor)
    holder = find_id_holder(facts.id_number)
    record_event(
        "children:child:compare",
        actor=actor,
        subject_type="child",
        subject_ref="",
        note="" if found or holder else "nothing found",
    )
    return found, holder


def record_reads_opened(public_id: str, *, actor: Actor) -> None:
    """Record that the actor opened the list of reads of a child, or with an empty id of all."""
    require(may_open_reads(actor))
    record_event("children:reads:read", actor=actor, subject_type="child", subject_ref=public_id)


def read_names(children: Sequence[Child], *, actor: Actor) -> list[ChildName]:
    """The names of these children for a list; those that stay hidden are no read.

    Raises ForbiddenError when the actor may not see one of them.
    """
    load_again(children)
    require(len(seen_of(actor, children)) == len({child.id for child in children}))
    reader = Reader(actor, Purpose.LIST)
    return [reader.name(child) for child in children]


def read_corrections(public_id: str, *, actor: Actor) -> list[Correction]:
    """What was corrected in a child's file, newest first, with the values before and after where
    the file may be shown. Raises NotFoundError when it is not the actor's to see.
    """
    child = get_child(public_id, viewer=actor)
    reader = Reader(actor, Purpose.CORRECTIONS)
    remarks = list_remarks("child", [child.public_id], RemarkKind.CHILD_FACTS)
    return [reader.correction(remark, child) for remark in reversed(remarks)]


def read_guardian(public_id: str, *, actor: Actor) -> KnownGuardian:
    """A guardian of whom a further child is to be registered.

    A guardian is shown as long as the consent of a child of theirs counts. Raises ForbiddenError,
    and NotFoundError when the actor may see none of the children by name.
    """
    require(may_register_somewhere(actor))
    child = find_child_of_guardian(public_id, viewer=actor)
    if child is None:
        raise NotFoundError
    return Reader(actor, Purpose.REGISTER).guardian(child)


def read_consent_paper(public_id: str, consent_id: int, *, actor: Actor) -> tuple[Document, bytes]:
    """The signed paper of a consent and its bytes.

    Raises NotFoundError when there is none or the identity may not be shown, and
    DamagedDocumentError.
    """
    child = get_child(public_id, viewer=actor)
    consent = get_consent(child, consent_id)
    paper = list_papers(child).get(consent.id)
    if paper is None or not may_show_identity(child, clock.today()):
        raise NotFoundError
    return paper, Reader(actor, Purpose.PAPER).document(paper, about=[child])
