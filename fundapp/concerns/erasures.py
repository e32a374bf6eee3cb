"""Erasing what closed concerns say that name a child: its code, or its given and family name.

No row says which child a concern is about, so the words of closed ones are compared with the
child's; they are shown to nobody.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from fundapp.access.actors import Actor
from fundapp.children.child_words import ChildWords, empty_words
from fundapp.children.comparing import person_of
from fundapp.children.encryption import decrypt_optional
from fundapp.children.models import Child
from fundapp.concerns.models import Concern, ConcernStatus, ConcernStep
from fundapp.concerns.reader import SUBJECT_TYPE
from fundapp.db import Base, db
from fundapp.markers import N_
from fundapp.thai.folding import fold_text
from fundapp.thai.names import fold_name
from fundapp.trail.operations import record_event

_ERASED = "concerns:concern:erase-words"


def _find(child: Child) -> Iterable[Base]:
    person = person_of(child)
    name = [fold_name(person.given_name), fold_name(person.family_name)]
    closed = select(Concern).where(Concern.status == ConcernStatus.CLOSED)
    for concern in db.session.scalars(closed.options(selectinload(Concern.steps))):
        said = " ".join(decrypt_optional(step, "words_encrypted") for step in concern.steps)
        if child.code in said.upper() or all(each in fold_text(said) for each in name):
            yield concern


def _erase(row: Base, actor: Actor) -> None:
    if not isinstance(row, Concern):
        raise TypeError(row)
    empty_words(row, "contact_encrypted")
    for step in row.steps:
        empty_words(step, "words_encrypted")
    record_event(
        _ERASED,
        actor=actor,
        subject_type=SUBJECT_TYPE,
        subject_ref=row.number,
    )


CONCERN_WORDS = ChildWords(
    N_("Closed concerns that name the child"),
    (Concern.__tablename__, ConcernStep.__tablename__),
    _find,
    _erase,
)
