"""The rules of help, and the sums that they look at. The same sums are in the database:
``fundapp/disbursements/sql/*/keep_help_rules.sql``.
"""

from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from fundapp import clock
from fundapp.children.models import Child
from fundapp.db import db
from fundapp.disbursements.drafts import ChildAmount
from fundapp.disbursements.models import (
    DisbursementRequest,
    HelpRules,
    RequestLine,
    RequestPayee,
    RequestStatus,
)
from fundapp.disbursements.queries.payouts import is_share_out
from fundapp.disbursements.workflow import OWED_STATES
from fundapp.thai.calendar import fiscal_year_be, fiscal_year_bounds

#: What adds up: asked for, approved and paid. What was returned is looked at when it comes again.
COUNTED = (RequestStatus.SUBMITTED, *OWED_STATES)
#: How many versions of the rules the page shows.
_MOST_SHOWN = 50
#: From this part of a cap on it is nearly reached.
_NEARLY_PERCENT = 90


@dataclass(frozen=True, slots=True)
class CapShare:
    """What a child, or a household (named by one of its children), has of its cap in satang: by
    other requests of the fiscal year, and with what is asked for now.
    """

    code: str
    is_child: bool
    cap_satang: int
    before_satang: int
    asked_satang: int

    @property
    def left_satang(self) -> int:
        """What is left afterwards; negative: the cap is passed."""
        return self.cap_satang - self.before_satang - self.asked_satang

    @property
    def is_nearly_reached(self) -> bool:
        """Whether nine tenths are reached."""
        used = self.before_satang + self.asked_satang
        return used * 100 >= self.cap_satang * _NEARLY_PERCENT


def find_help_rules(on: date) -> HelpRules | None:
    """The rules that count on a day."""
    begun = select(HelpRules).where(HelpRules.starts_on <= on)
    return db.session.scalar(begun.order_by(HelpRules.starts_on.desc()).limit(1))


def list_help_rules() -> Sequence[HelpRules]:
    """The newest rules, those that begin later first."""
    newest = select(HelpRules).order_by(HelpRules.starts_on.desc()).limit(_MOST_SHOWN)
    return db.session.scalars(newest).all()


def approvers_by_amount(request: DisbursementRequest) -> int:
    """How many people approve the request by its amount, with what the same children, households
    and payee are asked or got in its calendar month.
    """
    rules = find_help_rules(clock.today())
    return rules.approvers_for(month_satang(request)) if rules and rules.bands else 1


def month_satang(request: DisbursementRequest) -> int:
    """The largest of: the request, and what one child, one household and the payee are asked and
    got in the calendar month in which the request was sent in first, with this request.
    """
    first = clock.local_day(request.requested_at).replace(day=1)
    in_month = _asked_between(first, _last_of_month(first)) & (DisbursementRequest.id != request.id)
    guardians = _sums(
        Child.guardian_id, {each.child.guardian_id for each in request.lines}, in_month
    )
    # A household is given at least as much as each of its children.
    for line in request.lines:
        guardian = line.child.guardian_id
        guardians[guardian] = guardians.get(guardian, 0) + line.amount_satang
    payee = request.total_satang + _to_payee(request, in_month)
    return max(payee, *guardians.values())


def find_cap_shares(
    shares: Sequence[ChildAmount], asked_at: datetime, request_id: int | None
) -> list[CapShare]:
    """What each child and household has of its cap in the fiscal year of ``asked_at``, without
    shares that came back; nothing where no cap counts today.
    """
    rules = find_help_rules(clock.today())
    if rules is None or (rules.child_cap_satang is None and rules.household_cap_satang is None):
        return []
    year = fiscal_year_bounds(fiscal_year_be(clock.local_day(asked_at)))
    is_other = DisbursementRequest.id != (request_id or 0)
    others = _asked_between(*year) & is_other & is_share_out()
    found = []
    if rules.child_cap_satang is not None:
        before = _sums(RequestLine.child_id, {each.child.id for each in shares}, others)
        for each in shares:
            had = before.get(each.child.id, 0)
            args = (rules.child_cap_satang, had, each.amount_satang)
            found.append(CapShare(each.child.code, True, *args))
    if rules.household_cap_satang is not None:
        found += _of_households(shares, rules.household_cap_satang, others)
    return found


def _of_households(
    shares: Sequence[ChildAmount], cap_satang: int, others: ColumnElement[bool]
) -> list[CapShare]:
    asked: dict[int, int] = {}
    codes: dict[int, str] = {}
    for each in shares:
        guardian = each.child.guardian_id
        codes.setdefault(guardian, each.child.code)
        asked[guardian] = asked.get(guardian, 0) + each.amount_satang
    before = _sums(Child.guardian_id, asked, others)
    return [
        CapShare(codes[guardian], False, cap_satang, before.get(guardian, 0), satang)
        for guardian, satang in asked.items()
    ]


def _sums(
    column: InstrumentedAttribute[int], ids: Collection[int], requests: ColumnElement[bool]
) -> dict[int, int]:
    """What these requests say for each child or guardian, in satang."""
    statement = (
        select(column, func.sum(RequestLine.amount_satang))
        .select_from(RequestLine)
        .join(Child, Child.id == RequestLine.child_id)
        .join(DisbursementRequest, DisbursementRequest.id == RequestLine.request_id)
        .where(column.in_(ids), requests)
        .group_by(column)
    )
    return {key: int(satang) for key, satang in db.session.execute(statement)}


def _to_payee(request: DisbursementRequest, requests: ColumnElement[bool]) -> int:
    if request.payee is None:
        return 0
    lookup = request.payee.name_lookup
    same = select(RequestPayee.id).where(RequestPayee.name_lookup == lookup)
    total = select(func.sum(DisbursementRequest.total_satang))
    return int(db.session.scalar(total.where(DisbursementRequest.id.in_(same), requests)) or 0)


def _asked_between(first: date, last: date) -> ColumnElement[bool]:
    begin, end = clock.day_bounds(first, last)
    asked_at = DisbursementRequest.requested_at
    return DisbursementRequest.status.in_(COUNTED) & (asked_at >= begin) & (asked_at < end)


def _last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
