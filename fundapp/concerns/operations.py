"""Telling a concern, and what is done with it."""

from collections.abc import Sequence

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.concerns.encryption import code_of, encrypt_contact, encrypt_words, lookup_code
from fundapp.concerns.errors import ConcernStateError, NotConcernOwnerError
from fundapp.concerns.models import (
    Concern,
    ConcernAction,
    ConcernKeepers,
    ConcernKind,
    ConcernStatus,
    ConcernStep,
)
from fundapp.concerns.policy import may_handle, may_name_keepers, may_tell
from fundapp.concerns.queries import (
    find_concern_of_code,
    find_concern_of_key,
    find_keepers,
    find_step_of_key,
    get_concern,
    list_keepers,
)
from fundapp.concerns.reader import SUBJECT_TYPE
from fundapp.concerns.steps import check_keepers
from fundapp.concerns.workflow import OWNERS_ACTIONS, next_concern_status
from fundapp.db import db, lock
from fundapp.errors import FormUsedError
from fundapp.ids import new_id
from fundapp.proposals.models import Proposal
from fundapp.trail.operations import record_event

#: What the trail calls the two people who read restricted concerns; there is one such pair.
KEEPERS_TYPE, KEEPERS_REF = "concern_keepers", "keepers"


def tell_concern(
    kind: ConcernKind, words: str, contact: str = "", *, locale: str, key: str, actor: Actor
) -> str:
    """Store what somebody tells and return the code by which the answer is looked for, which is not
    stored; ``key`` makes it happen once. Raises ForbiddenError and FormUsedError.
    """
    require(may_tell(actor))
    code = code_of(key, kind.value, words, contact)
    known = find_concern_of_key(key)
    if known is not None:
        if known.code_lookup != lookup_code(code):
            raise FormUsedError
        return code
    concern_id = new_id()
    concern = Concern(
        id=concern_id,
        kind=kind,
        status=ConcernStatus.NEW,
        locale=locale,
        contact_encrypted=encrypt_contact(concern_id, contact) if contact else None,
        code_lookup=lookup_code(code),
        told_at=clock.now(),
        idempotency_key=key,
    )
    db.session.add(concern)
    db.session.flush()
    _add(concern, ConcernAction.TELL, words, f"tell:{key}", actor.ref)
    _record(concern, ConcernAction.TELL, actor)
    return code


def reply_to_answer(code: str, words: str, *, key: str, actor: Actor) -> None:
    """Further words of whoever has the code; it is looked into again. Raises ForbiddenError,
    ConcernCodeError and FormUsedError.
    """
    require(may_tell(actor))
    concern = _lock(find_concern_of_code(code).id)
    if _is_done(concern, ConcernAction.REPLY, key):
        return
    concern.status = next_concern_status(concern.status, ConcernAction.REPLY)
    _add(concern, ConcernAction.REPLY, words, key, actor.ref)
    _record(concern, ConcernAction.REPLY, actor)


def handle_concern(
    number: str, action: ConcernAction, words: str = "", *, key: str, actor: Actor
) -> Concern:
    """Take a concern over, note, answer, close, reopen or restrict it. Raises ForbiddenError,
    NotFoundError, ConcernStateError, NotConcernOwnerError and FormUsedError.
    """
    concern = _lock(get_concern(number, actor=actor).id)
    is_of_office = action not in (ConcernAction.TELL, ConcernAction.REPLY)
    require(is_of_office and may_handle(actor, concern, find_keepers()))
    if _is_done(concern, action, key):
        return concern
    if action is ConcernAction.RESTRICT and concern.is_restricted:
        raise ConcernStateError
    status = next_concern_status(concern.status, action)
    if action in OWNERS_ACTIONS and concern.owner != actor.ref:
        raise NotConcernOwnerError(field="words")
    if action is ConcernAction.TAKE:
        concern.owner = actor.ref
    if action is ConcernAction.RESTRICT:
        concern.kind = ConcernKind.CHILD_SAFETY
    concern.status = status
    _add(concern, action, words, key, actor.ref)
    _record(concern, action, actor)
    return concern


def name_keepers(public_ids: Sequence[str], proposal: Proposal, *, actor: Actor) -> None:
    """Let these two people read restricted concerns, and nobody else; ``actor`` confirmed what
    another person proposed. Raises ForbiddenError and what `check_keepers` raises.
    """
    require(may_name_keepers(actor))
    first, second = check_keepers(public_ids)
    before = [person.public_id for person in list_keepers()]
    named = ConcernKeepers(
        id=new_id(),
        first_id=first.id,
        second_id=second.id,
        proposal_id=proposal.id,
        named_at=clock.now(),
    )
    db.session.add(named)
    db.session.flush()
    record_event(
        "concerns:keepers:name",
        actor=actor,
        subject_type=KEEPERS_TYPE,
        subject_ref=KEEPERS_REF,
        changes={"people": (" ".join(before), " ".join(public_ids))},
    )


def _is_done(concern: Concern, action: ConcernAction, key: str) -> bool:
    known = find_step_of_key(key)
    if known is not None and (known.concern_id, known.action) != (concern.id, action):
        raise FormUsedError
    return known is not None


def _add(concern: Concern, action: ConcernAction, words: str, key: str, done_by: str) -> None:
    step_id = new_id()
    step = ConcernStep(
        id=step_id,
        concern_id=concern.id,
        action=action,
        status=concern.status,
        words_encrypted=encrypt_words(step_id, words) if words else None,
        done_by=done_by,
        done_at=clock.now(),
        idempotency_key=key,
    )
    db.session.add(step)
    db.session.flush()


def _lock(concern_id: int) -> Concern:
    concern = lock(select(Concern).where(Concern.id == concern_id))
    if concern is None:
        raise RuntimeError("a concern was deleted")
    return concern


def _record(concern: Concern, action: ConcernAction, actor: Actor) -> None:
    record_event(
        f"concerns:concern:{action.value}",
        actor=actor,
        subject_type=SUBJECT_TYPE,
        subject_ref=concern.number,
    )
