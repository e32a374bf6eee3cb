"""Children of whom earlier words were erased, as the page of erased words lists them."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp.children.models import Child
from fundapp.db import db
from fundapp.markers import N_
from fundapp.remarks.erasers import Written

#: The subject and the event of erasing what a file said before; its note is the ground.
EVENT = ("child", "children:child:erase-words")
WHAT = N_("Earlier words of a child's file")


def written_of(child: Child) -> Written:
    """What the page of erased words says of a child."""
    return Written(child.code, WHAT, child.registered_at)


def find_written(public_ids: Collection[str]) -> dict[str, Written]:
    """The same of these children, by public id."""
    alone = (lazyload(Child.guardian), lazyload(Child.district))
    wanted = select(Child).where(Child.public_id.in_(public_ids)).options(*alone)
    return {child.public_id: written_of(child) for child in db.session.scalars(wanted)}
