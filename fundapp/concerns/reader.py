"""Decrypting what people wrote in concerns: for who may read them, and for who has the code."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from fundapp.access.actors import Actor, require
from fundapp.children.encryption import decrypt_optional
from fundapp.concerns.models import Concern, ConcernAction, ConcernStatus
from fundapp.concerns.policy import may_read_concern, may_tell
from fundapp.concerns.queries import find_concern_of_code, find_keepers, get_concern
from fundapp.trail.operations import record_event

#: What the trail calls a concern.
SUBJECT_TYPE = "concern"
#: What whoever told it is shown.
_SHOWN_TO_TELLER = (ConcernAction.TELL, ConcernAction.REPLY, ConcernAction.ANSWER)


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step with its words."""

    action: ConcernAction
    status: ConcernStatus
    done_by: str
    done_at: datetime
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ConcernFile:
    """A concern with what was written."""

    concern: Concern
    steps: Sequence[ShownStep]
    contact: str = field(default="", repr=False)


def read_concern(number: str, *, actor: Actor) -> ConcernFile:
    """A concern with all of its words; the read is in the trail. Part of a unit of reading. Raises
    NotFoundError, also where the actor may not know of it.
    """
    concern = get_concern(number, actor=actor)
    require(may_read_concern(actor, concern, find_keepers()))
    record_event(
        "concerns:concern:read", actor=actor, subject_type=SUBJECT_TYPE, subject_ref=concern.number
    )
    return ConcernFile(concern, _steps(concern), decrypt_optional(concern, "contact_encrypted"))


def read_answer(code: str, *, actor: Actor) -> ConcernFile:
    """What whoever has the code sees: what they wrote, and the answers. Raises ConcernCodeError."""
    require(may_tell(actor))
    concern = find_concern_of_code(code)
    shown = [step for step in _steps(concern) if step.action in _SHOWN_TO_TELLER]
    return ConcernFile(concern, shown)


def _steps(concern: Concern) -> list[ShownStep]:
    return [
        ShownStep(
            step.action,
            step.status,
            step.done_by,
            step.done_at,
            decrypt_optional(step, "words_encrypted"),
        )
        for step in concern.steps
    ]
