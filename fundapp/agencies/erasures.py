"""Erasing what referrals say of a child: when it was referred, to whom and what was given stays."""

from collections.abc import Iterable

from sqlalchemy import select

from fundapp.access.actors import Actor
from fundapp.agencies.models import Referral
from fundapp.children.child_words import ChildWords, empty_words, holds_words
from fundapp.children.models import Child
from fundapp.db import Base, db
from fundapp.markers import N_

_COLUMNS = ("words_encrypted", "reason_encrypted", "given_words_encrypted")


def _find(child: Child) -> Iterable[Base]:
    rows = db.session.scalars(select(Referral).where(Referral.child_id == child.id))
    return [row for row in rows if holds_words(row, *_COLUMNS)]


def _erase(row: Base, _actor: Actor) -> None:
    empty_words(row, *_COLUMNS)


REFERRAL_WORDS = ChildWords(N_("Words of referrals"), (Referral.__tablename__,), _find, _erase)
