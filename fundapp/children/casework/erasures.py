"""Erasing what was written in casework of a child: when it was, and by whom, stays."""

from collections.abc import Callable, Iterable

from sqlalchemy import select

from fundapp.access.actors import Actor
from fundapp.children.casework.models import CaseEntry, ChildDetails, ChildMove, FurtherGuardian
from fundapp.children.child_words import ChildWords, empty_words, holds_words
from fundapp.children.handovers.models import ChildHandover
from fundapp.children.models import Child
from fundapp.db import Base, db
from fundapp.markers import N_


def _kind(label: str, model: type[Base], *columns: str, texts: str = "") -> ChildWords:
    """Words of a table whose rows name their child."""
    every = (*columns, *([texts] if texts else []))

    def find(child: Child) -> Iterable[Base]:
        statement = select(model).where(model.child_id == child.id)  # type: ignore[attr-defined]
        return [row for row in db.session.scalars(statement) if holds_words(row, *every)]

    erase: Callable[[Base, Actor], None] = lambda row, _actor: empty_words(  # noqa: E731
        row, *columns, texts=texts
    )
    return ChildWords(label, (model.__tablename__,), find, erase)


#: Everything of casework. Photographs of visits are documents, which stay, encrypted.
CASEWORK_WORDS = (
    _kind(
        N_("Notes, visits, needs, plans and follow-ups"),
        CaseEntry,
        "outcome_encrypted",
        texts="words_encrypted",
    ),
    _kind(N_("Address, class and household"), ChildDetails, texts="details_encrypted"),
    _kind(N_("Other adults of the child"), FurtherGuardian, "name_encrypted", "phone_encrypted"),
    _kind(N_("Notes on moves to other districts"), ChildMove, "words_encrypted"),
    _kind(N_("Notes on hand-overs"), ChildHandover, "words_encrypted"),
)
