"""Comparing a person with the files of every district, and writing the keys by which files are
found: what is decrypted here is compared or hashed, and shown to nobody.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, case, delete, exists, func, or_, select
from sqlalchemy.orm import contains_eager, lazyload

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children.births import stored_birth
from fundapp.children.drafts import ChildFacts
from fundapp.children.encryption import decrypt
from fundapp.children.likeness import Alike, Likeness, Person, compare
from fundapp.children.models import (
    Child,
    ChildNameKey,
    ChildStatus,
    CloseReason,
    DuplicateDecision,
    DuplicateFinding,
    Guardian,
)
from fundapp.children.name_keys import keys_of, pair_keys, search_keys
from fundapp.children.policy import may_show_identity
from fundapp.children.queries.visibility import seen_of
from fundapp.db import Base, connection_of_work, db
from fundapp.db.many_rows import write_rows

#: Files that one person is compared with at most.
MOST = 400
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class AlikeFile:
    """A file that may be of the same child."""

    child: Child = field(repr=False)
    alike: Alike
    is_seen: bool


def person_of(child: Child) -> Person:
    """What the file says, to be compared."""
    return Person(
        decrypt(child, "given_name_encrypted"),
        decrypt(child, "family_name_encrypted"),
        stored_birth(decrypt(child, "birth_on_encrypted")),
        decrypt(child.guardian, "name_encrypted"),
        decrypt(child, "school_name_encrypted"),
    )


def person_in(facts: ChildFacts, guardian: Guardian) -> Person:
    """What a file with these facts would be compared by."""
    return Person(
        facts.given_name,
        facts.family_name,
        facts.birth,
        decrypt(guardian, "name_encrypted"),
        facts.school_name,
    )


def find_alike(person: Person, *, viewer: Actor, but: Child | None = None) -> list[AlikeFile]:
    """The files, in whatever district, that may be of this person, ``but`` one and those that a
    supervisor told apart from it; the caller decides what may be said of them.

    Those that the viewer may see come first, then those with most in common, then open ones, then
    the oldest. One that was closed because the child has another file counts no more.
    """
    statement = select(Child).where(Child.id.in_(_candidates(person)))
    statement = statement.where(Child.close_reason.is_distinct_from(CloseReason.SAME_CHILD))
    if but is not None:
        statement = statement.where(Child.id != but.id, ~_told_apart_from(but))
    found = [
        (child, alike)
        for child in db.session.scalars(statement)
        if (alike := compare(person, person_of(child))) is not None
    ]
    seen = seen_of(viewer, (child for child, _alike in found))
    return sorted(
        (AlikeFile(child, alike, child.id in seen) for child, alike in found),
        key=lambda each: (
            not each.is_seen,
            -each.alike.points,
            each.child.status is not ChildStatus.ACTIVE,
            each.child.id,
        ),
    )


def reasons_of(child: Child, other: Child) -> tuple[Likeness, ...]:
    """What speaks for it that two files are of one child; nothing where too little does any more,
    or where one of the two may not be shown.
    """
    day = clock.today()
    if not (may_show_identity(child, day) and may_show_identity(other, day)):
        return ()
    alike = compare(person_of(child), person_of(other))
    return alike.reasons if alike else ()


def read_people(*, only_open: bool = True) -> Iterator[tuple[Child, Person]]:
    """Every file that counts, to be compared with each other."""
    statement = (
        select(Child)
        .join(Guardian, Guardian.id == Child.guardian_id)
        .options(contains_eager(Child.guardian), lazyload(Child.district), lazyload(Child.consents))
        .order_by(Child.id)
    )
    if only_open:
        statement = statement.where(Child.status != ChildStatus.CLOSED)
    for child in db.session.scalars(statement.execution_options(yield_per=_AT_ONCE)):
        yield child, person_of(child)


def write_name_keys(child: Child, person: Person) -> None:
    """Write the keys of a file anew."""
    db.session.execute(delete(ChildNameKey).where(ChildNameKey.child_id == child.id))
    write_key_rows([(child.id, person)])


def write_key_rows(people: list[tuple[int, Person]]) -> None:
    """Write the keys of files that have none."""
    rows = [
        {"key": key, "child_id": row_id}
        for row_id, person in people
        for key in sorted(keys_of(person))
    ]
    table = Base.metadata.tables[ChildNameKey.__tablename__]
    write_rows(connection_of_work(), table, rows)


def lacks_keys() -> ColumnElement[bool]:
    """That a file has no keys: it was registered before there were any."""
    return ~exists().where(ChildNameKey.child_id == Child.id)


def _candidates(person: Person) -> set[int]:
    pairs = select(ChildNameKey.child_id).where(ChildNameKey.key.in_(pair_keys(person)))
    given, family = (
        set().union(*search_keys(name)) for name in (person.given_name, person.family_name)
    )
    found = set(db.session.scalars(pairs.limit(MOST)))
    if given and family:
        found |= set(db.session.scalars(_with_both(given, family).limit(MOST)))
    return found


def _with_both(given: set[bytes], family: set[bytes]) -> Select[int]:
    """Who has a key of either name."""
    key = ChildNameKey.key
    return (
        select(ChildNameKey.child_id)
        .where(key.in_(given | family))
        .group_by(ChildNameKey.child_id)
        .having(
            func.max(case((key.in_(given), 1), else_=0)) == 1,
            func.max(case((key.in_(family), 1), else_=0)) == 1,
        )
        .order_by(func.count().desc(), ChildNameKey.child_id)
    )


def _told_apart_from(child: Child) -> ColumnElement[bool]:
    finding = DuplicateFinding
    return exists().where(
        finding.decision == DuplicateDecision.ANOTHER_CHILD,
        or_(
            (finding.child_id == child.id) & (finding.other_id == Child.id),
            (finding.other_id == child.id) & (finding.child_id == Child.id),
        ),
    )
