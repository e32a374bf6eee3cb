"""Writing the keys by which files are found, and comparing all files: nothing is shown."""

from collections.abc import Callable

from sqlalchemy import delete, select
from sqlalchemy.orm import lazyload

from fundapp.access.actors import Actor, require
from fundapp.children.comparing import lacks_keys, person_of, read_people, write_key_rows
from fundapp.children.likeness import Alike
from fundapp.children.models import Child, ChildNameKey, DuplicateFinding
from fundapp.children.pairs import likely_pairs
from fundapp.children.policy import may_index_names, may_list_duplicates
from fundapp.db import db, lock_all


def index_names(*, actor: Actor, limit: int = 500) -> int:
    """Write the keys of some files that were registered before there were any; of how many. Raises
    ForbiddenError.
    """
    require(may_index_names(actor))
    bare = select(Child.id).where(lacks_keys()).order_by(Child.id).limit(limit)
    ids = list(db.session.scalars(bare))
    alone = (lazyload(Child.guardian), lazyload(Child.district))
    children = lock_all(select(Child).where(Child.id.in_(ids)).options(*alone)) if ids else []
    # Another worker may have written them meanwhile.
    db.session.execute(delete(ChildNameKey).where(ChildNameKey.child_id.in_(ids)))
    write_key_rows([(child.id, person_of(child)) for child in children])
    return len(children)


def find_duplicates(*, report: Callable[[int], None], actor: Actor) -> list[tuple[str, str, Alike]]:
    """The codes of files that are open or wait and may be of one child, with what speaks for it; no
    pair on which somebody has decided, or is to decide. Raises ForbiddenError.
    """
    require(may_list_duplicates(actor))
    codes, people = {}, {}
    for child, person in read_people():
        codes[child.id], people[child.id] = child.code, person
    known = {
        frozenset(pair)
        for pair in db.session.execute(select(DuplicateFinding.child_id, DuplicateFinding.other_id))
    }
    return [
        (codes[one], codes[other], alike)
        for one, other, alike in likely_pairs(people, report)
        if frozenset((one, other)) not in known
    ]
