"""Handing children over to another case manager of their district, and taking them over."""

from collections.abc import Iterable

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.access.permissions import Permission
from fundapp.children.casework.errors import NoWordsError
from fundapp.children.encryption import WORDS_BLOCK, encrypt
from fundapp.children.errors import FileClosedError
from fundapp.children.handovers import errors, policy, queries
from fundapp.children.handovers.models import ChildHandover
from fundapp.children.handovers.reader import ShownHandover, read_handovers_of
from fundapp.children.handovers.steps import begin_care, settle_handover
from fundapp.children.locking import lock_child, lock_child_to_change
from fundapp.children.models import Child, ChildStatus, Purpose
from fundapp.children.queries import get_child
from fundapp.children.reader import Reader
from fundapp.children.steps import record_child_event
from fundapp.db import db
from fundapp.identity.models import User
from fundapp.identity.queries import current_authority
from fundapp.ids import new_id


def read_handovers(public_id: str, *, actor: Actor) -> tuple[ShownHandover, ...]:
    """The hand-overs of a child with their notes; NotFoundError."""
    child = get_child(public_id, viewer=actor)
    return read_handovers_of(child, Reader(actor, Purpose.FILE))


def hand_over(
    public_ids: Iterable[str], to: str, *, words: str, actor: Actor
) -> list[ChildHandover]:
    """Ask another case manager of their district to take these children over: by who is responsible
    for them, or by a supervisor of the district. Until then nothing changes. All or none.

    Works without a consent as well: the care for the child goes on. Raises ForbiddenError,
    NoChildChosenError, TooManyChosenError, NoWordsError, NotFoundError, FileClosedError,
    NotResponsibleError, NotManagerThereError, OwnHandoverError, HandedOverError.
    """
    require(actor.can(Permission.CHILD_HAND_OVER))
    chosen = sorted(set(public_ids))
    if not chosen:
        raise errors.NoChildChosenError(field="children")
    if len(chosen) > policy.MOST_HANDED:
        raise errors.TooManyChosenError(field="children")
    if not words.strip():
        raise NoWordsError(field="words")
    children = [lock_child(public_id) for public_id in chosen]
    actor = current_authority(actor)
    people = {child.district_code: queries.managers_of(child.district_code) for child in children}
    return [
        _hand_over(child, to, people[child.district_code], words.strip(), actor)
        for child in children
    ]


def take_handover(public_id: str, *, actor: Actor) -> ChildHandover:
    """Take over a child who was handed over to the actor; open tasks and follow-ups are the actor's
    from now on.

    Raises NotFoundError, OtherDistrictError, FileClosedError, HandoverSettledError.
    """
    child = lock_child_to_change(public_id, actor=actor)
    handover = queries.find_waiting(child)
    if handover is None or handover.to_id != actor.user_id:
        raise errors.HandoverSettledError
    settle_handover(handover, actor.person_id, is_taken=True)
    begin_care(child, actor.person_id, handover)
    record_child_event("children:handover:take", child, actor)
    return handover


def take_handovers(public_ids: Iterable[str], *, actor: Actor) -> int:
    """Take over several, all or none; how many. Raises as `take_handover`, NoChildChosenError and
    TooManyChosenError.
    """
    chosen = sorted(set(public_ids))
    if not chosen:
        raise errors.NoChildChosenError(field="children")
    if len(chosen) > policy.MOST_HANDED:
        raise errors.TooManyChosenError(field="children")
    return len([take_handover(public_id, actor=actor) for public_id in chosen])


def drop_handover(public_id: str, *, actor: Actor) -> ChildHandover:
    """A hand-over comes to nothing: whoever asked takes it back, or whom it names does not take the
    child. Raises NotFoundError, ForbiddenError, HandoverSettledError.
    """
    child = lock_child(public_id)
    actor = current_authority(actor)
    get_child(public_id, viewer=actor)
    handover = queries.find_waiting(child)
    if handover is None:
        raise errors.HandoverSettledError
    named = {handover.to_id, handover.from_id, handover.asked_by_id}
    require(policy.may_settle_handover(actor, child, named))
    settle_handover(handover, actor.person_id, is_taken=False)
    record_child_event("children:handover:drop", child, actor)
    return handover


def care_for(public_id: str, *, actor: Actor) -> None:
    """Become responsible for a child of one's district for whom nobody is.

    Raises NotFoundError, OtherDistrictError, FileClosedError, HandoverSettledError.
    """
    child = lock_child_to_change(public_id, actor=actor)
    row = queries.manager_now(child)
    works = {person.id for person in queries.managers_of(child.district_code)}
    if row is None or row.manager_id in works or queries.find_waiting(child) is not None:
        raise errors.HandoverSettledError
    begin_care(child, actor.person_id)
    record_child_event("children:manager:begin", child, actor)


def _hand_over(
    child: Child, to: str, people: Iterable[User], words: str, actor: Actor
) -> ChildHandover:
    get_child(child.public_id, viewer=actor)
    row = queries.manager_now(child)
    manager_id = row.manager_id if row is not None else None
    if child.status is ChildStatus.CLOSED:
        raise FileClosedError(field="children")
    if not policy.may_hand_over(actor, child, manager_id):
        raise errors.NotResponsibleError(field="children")
    receiver = next((person for person in people if person.public_id == to), None)
    if receiver is None or receiver.id == manager_id:
        raise errors.NotManagerThereError(field="to")
    if receiver.id == actor.user_id:
        raise errors.OwnHandoverError(field="to")
    waiting = queries.find_waiting(child)
    if waiting is not None:
        if (waiting.to_id, waiting.asked_by_id) != (receiver.id, actor.user_id):
            raise errors.HandedOverError(field="children")
        return waiting  # the same form, sent twice
    row_id = new_id()
    handover = ChildHandover(
        id=row_id,
        child=child,
        from_id=manager_id,
        to_id=receiver.id,
        words_encrypted=encrypt(ChildHandover, "words_encrypted", row_id, words, block=WORDS_BLOCK),
        asked_by_id=actor.person_id,
        asked_at=clock.now(),
    )
    db.session.add(handover)
    record_child_event("children:handover:ask", child, actor)
    db.session.flush()
    return handover
