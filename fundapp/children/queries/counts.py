"""Counts of children, as they may be published."""

from itertools import product

from fundapp.children.models import TargetGroup
from fundapp.children.open_files import count_open_files
from fundapp.children.suppression import PublishedTable, suppress_table
from fundapp.places.queries import list_districts


def published_counts() -> PublishedTable[str, str]:
    """Open files by district and target group with totals, small counts suppressed."""
    districts = [district.code for district in list_districts()]
    counts = dict.fromkeys(product(districts, map(str, TargetGroup)), 0)
    return suppress_table({**counts, **count_open_files()})
