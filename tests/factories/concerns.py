"""Concerns for tests, told by a visitor."""

from fundapp.access.actors import VISITOR
from fundapp.access.permissions import Role
from fundapp.concerns.kinds import KEEPERS
from fundapp.concerns.models import Concern, ConcernKind
from fundapp.concerns.operations import KEEPERS_REF, tell_concern
from fundapp.db import db, unit_of_work
from fundapp.identity.models import User
from fundapp.ids import new_public_id
from tests.factories.identity import agree, make_user


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


def make_keepers() -> tuple[User, User]:
    """A supervisor and an approver, named by two administrators to read restricted concerns."""
    people = make_user(Role.SUPERVISOR, ("9506",)), make_user(Role.APPROVER)
    agree(KEEPERS, KEEPERS_REF, {"people": [person.public_id for person in people]})
    return people
