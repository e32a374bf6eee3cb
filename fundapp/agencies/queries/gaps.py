"""Needs that nobody met, and needs that two sides met, in numbers. Small counts are withheld.

The fund is one side, each agency another. A need of a child is *met* when an agency said what it
gave for it, or the fund paid for it, in the last 12 months. It is *open* when in that time it was
referred or asked for, and not met; needs that a file names in words have no kind, and count under
`IN_FILE` while they are not settled and nobody met any need of the child.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from fundapp import clock
from fundapp.agencies.models import Referral, ReferralStatus
from fundapp.agencies.queries.referrals import YEAR
from fundapp.children.casework.models import CaseEntry, CaseKind
from fundapp.children.models import Child, ChildStatus
from fundapp.children.suppression import Cell, with_totals, withheld_cells
from fundapp.db import db
from fundapp.disbursements.models import DisbursementRequest, Need, Payout, RequestLine
from fundapp.disbursements.queries import is_payment_of_request, is_share_out
from fundapp.labels import LabelledEnum
from fundapp.markers import N_
from fundapp.places.queries import list_districts


class FileNeed(LabelledEnum):
    """The column of needs that a file names in words."""

    IN_FILE = "in_file", N_("Written in a file in words")


IN_FILE = FileNeed.IN_FILE.value
#: Columns: the values of `Need`, then the needs in files.
COLUMNS = (*(need.value for need in Need), IN_FILE)
_FUND = 0

#: A child's row, its district, and a need.
_Asked = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class GapReport:
    """Counts of children by district (a code) and need (of `COLUMNS`), with totals under
    `fundapp.children.suppression.TOTAL`; None where a count is withheld. A child with several needs
    counts once in each.
    """

    districts: tuple[str, ...]
    needs: tuple[str, ...]
    gaps: Mapping[Cell, int | None]
    overlaps: Mapping[Cell, int | None]


def gaps_and_overlaps(today: date) -> GapReport:
    """Children with open needs without any help, and with help for one need from two sides, over
    the 12 months up to ``today``; only children with an open file.
    """
    since = today - YEAR
    sides = _sides(since)
    helped = {child_id for child_id, _district, _need in sides}
    open_needs = {each for each in _asked(since) if each not in sides}
    open_needs |= {
        (child_id, district, IN_FILE)
        for child_id, district in _needs_in_files()
        if child_id not in helped
    }
    twice = {each for each, known in sides.items() if len(known) > 1}
    districts = tuple(district.code for district in list_districts())
    return GapReport(districts, COLUMNS, _told(open_needs, districts), _told(twice, districts))


def _told(cases: Iterable[_Asked], districts: tuple[str, ...]) -> dict[Cell, int | None]:
    table = Counter((district, need) for _child, district, need in cases)
    hidden = withheld_cells([table], districts, COLUMNS)
    full = with_totals(table, districts, COLUMNS)
    return {cell: None if cell in hidden else count for cell, count in full.items()}


def _sides(since: date) -> dict[_Asked, set[int]]:
    """Who met each need: ids of agencies, and `_FUND`."""
    sides: dict[_Asked, set[int]] = defaultdict(set)
    given = (
        select(Child.id, Child.district_code, Referral.need, Referral.agency_id)
        .join(Referral, Referral.child_id == Child.id)
        .where(Referral.status == ReferralStatus.DONE, Referral.given_on >= since)
    )
    for child_id, district, need, agency_id in db.session.execute(_open_files(given)):
        sides[child_id, district, need.value].add(agency_id)
    paid = _of_fund().join(Payout, is_payment_of_request()).where(is_share_out())
    for child_id, district, need in db.session.execute(paid.where(Payout.paid_on >= since)):
        sides[child_id, district, need.value].add(_FUND)
    return dict(sides)


def _asked(since: date) -> set[_Asked]:
    """Needs that were referred or asked for since then."""
    referred = (
        select(Child.id, Child.district_code, Referral.need)
        .join(Referral, Referral.child_id == Child.id)
        .where(Referral.sent_on >= since)
    )
    begin, _end = clock.day_bounds(since, since)
    asked = _of_fund().where(DisbursementRequest.requested_at >= begin)
    rows = [*db.session.execute(_open_files(referred)), *db.session.execute(asked)]
    return {(child_id, district, need.value) for child_id, district, need in rows}


def _needs_in_files() -> list[tuple[int, str]]:
    statement = (
        select(Child.id, Child.district_code)
        .join(CaseEntry, CaseEntry.child_id == Child.id)
        .where(CaseEntry.kind == CaseKind.NEED, CaseEntry.settled_at.is_(None))
        .distinct()
    )
    rows = db.session.execute(_open_files(statement))
    return [(child_id, district) for child_id, district in rows]


def _of_fund() -> Any:
    statement = (
        select(Child.id, Child.district_code, DisbursementRequest.need)
        .join(RequestLine, RequestLine.child_id == Child.id)
        .join(DisbursementRequest, DisbursementRequest.id == RequestLine.request_id)
    )
    return _open_files(statement)


def _open_files(statement: Any) -> Any:
    return statement.where(Child.status == ChildStatus.ACTIVE)
