"""Concerns for tests, told by a visitor."""

from fundapp.access.actors import VISITOR
from fundapp.concerns.models import Concern, ConcernKind
from fundapp.concerns.operations import tell_concern
from fundapp.db import db, unit_of_work
from fundapp.ids import new_public_id


def make_concern(
    kind: ConcernKind = ConcernKind.MONEY,
    words: str = "The receipt did not come",
    contact: str = "",
) -> tuple[str, str]:
    """The code of a new concern, and its number."""
    key = new_public_id()
    code = unit_of_work(tell_concern, kind, words, contact, locale="th", key=key, actor=VISITOR)
    concern = db.session.query(Concern).filter_by(idempotency_key=key).one()
    return code, concern.number
