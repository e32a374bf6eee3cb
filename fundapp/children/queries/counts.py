"""Counts of children, as they may be published."""

from itertools import product

from sqlalchemy import func, select

from fundapp.children.models import Child, ChildStatus, TargetGroup
from fundapp.children.suppression import PublishedTable, suppress_table
from fundapp.db import db
from fundapp.places.queries import list_districts


def published_counts() -> PublishedTable[str, str]:
    """Open files by district and target group with totals, small counts suppressed."""
    statement = (
        select(Child.district_code, Child.target_group, func.count())
        .where(Child.status == ChildStatus.ACTIVE)
        .group_by(Child.district_code, Child.target_group)
    )
    districts = [district.code for district in list_districts()]
    counts = dict.fromkeys(product(districts, map(str, TargetGroup)), 0)
    for district_code, group, count in db.session.execute(statement):
        counts[district_code, str(group)] = count
    return suppress_table(counts)
