"""Checks of the rules of help and of funds: every approval again, with what added up before it."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, distinct, func, select

from fundapp import clock
from fundapp.audit.checks.base import Check, Violation
from fundapp.children.models import Child
from fundapp.db import db
from fundapp.disbursements.models import (
    Approval,
    Decision,
    DisbursementRequest,
    HelpRules,
    RequestLine,
    RequestPayee,
)
from fundapp.disbursements.queries import is_share_out
from fundapp.disbursements.verification import find_outside_fund_rules
from fundapp.disbursements.workflow import OWED_STATES
from fundapp.markers import N_
from fundapp.thai.calendar import fiscal_year_be, fiscal_year_bounds


@dataclass(frozen=True, slots=True)
class _Approved:
    """An approved request: who takes the money as a hash, and lines of child, guardian, satang, and
    how much of it counts in the caps: nothing of a share that came back.
    """

    number: str
    satang: int
    asked_on: date
    decided_at: datetime
    people: int
    payee: bytes | None
    lines: list[tuple[int, int, int, int]]


class _Sums:
    """What was approved before and with a request, of its month and its fiscal year: no less was
    counted when it was approved.
    """

    def __init__(self) -> None:
        self._satang: dict[Hashable, int] = defaultdict(int)

    def add(self, each: _Approved) -> tuple[int, int, int]:
        """The largest sums with this request: of its month for a household or the payee; of its
        fiscal year for one child, and for one household.
        """
        month, year = (each.asked_on.year, each.asked_on.month), fiscal_year_be(each.asked_on)
        of_month = self._raised(("payee", month, each.payee), each.satang) if each.payee else 0
        of_child = of_household = 0
        for child, guardian, satang, kept in each.lines:
            of_child = max(of_child, self._raised(("child", year, child), kept))
            of_household = max(of_household, self._raised(("house", year, guardian), kept))
            of_month = max(of_month, self._raised(("month", month, guardian), satang))
        return of_month, of_child, of_household

    def _raised(self, key: Hashable, satang: int) -> int:
        self._satang[key] += satang
        return self._satang[key]


def enough_approvers() -> Iterator[Violation]:
    """Each approved request has as many approvers as the band asked of its amount, with what was
    approved before in its month for the same household or payee.
    """
    for each, rules, (of_month, _child, _household) in _judged():
        needed = rules.approvers_for(max(each.satang, of_month))
        if each.people < needed:
            problem = f"was approved by {each.people}; what adds up in its month needs {needed}"
            yield Violation(each.number, problem)


def within_caps() -> Iterator[Violation]:
    """No approved request gave a child or a household more than the cap of its fiscal year."""
    for each, rules, (_month, of_child, of_household) in _judged():
        caps = (
            ("a child", of_child, rules.child_cap_satang),
            ("a household", of_household, rules.household_cap_satang),
        )
        for who, satang, cap in caps:
            if cap is not None and satang > cap:
                problem = f"brings {who} to {satang} satang in its year; the cap is {cap}"
                yield Violation(each.number, problem)


def outside_fund_rules() -> Iterator[Violation]:
    """No approved request is outside the rules of its fund of the day of its approval."""
    for number, problem in find_outside_fund_rules():
        yield Violation(number, problem)


def _judged() -> Iterator[tuple[_Approved, HelpRules, tuple[int, int, int]]]:
    """Each request that was approved while rules counted, in the order of approvals, with its rules
    and sums.
    """
    rules = db.session.scalars(select(HelpRules).order_by(HelpRules.starts_on)).all()
    if not rules:
        return
    begins = [_begin_of(each) for each in rules]
    # A request approved now may have been asked for in the fiscal year before.
    first_year = fiscal_year_be(clock.local_day(begins[0])) - 1
    since, _end = clock.day_bounds(*fiscal_year_bounds(first_year))
    sums = _Sums()
    for each in _approved(since):
        added = sums.add(each)
        place = bisect_right(begins, each.decided_at)
        if place:
            yield each, rules[place - 1], added


def _begin_of(rules: HelpRules) -> datetime:
    """From when rules count: from their first day, or since they were confirmed on that day."""
    begin, _end = clock.day_bounds(rules.starts_on, rules.starts_on)
    return max(begin, rules.recorded_at)


def _approved(since: datetime) -> Iterator[_Approved]:
    """Every approved request that was sent in since then, in the order of their last approvals."""
    last = func.max(Approval.decided_at)
    counted = _counted(since)
    lines = _lines(counted)
    statement = (
        select(
            DisbursementRequest.id,
            DisbursementRequest.number,
            DisbursementRequest.total_satang,
            DisbursementRequest.requested_at,
            last.label("decided_at"),
            func.count(distinct(Approval.approver_id)).label("people"),
            RequestPayee.name_lookup.label("payee"),
        )
        .join(Approval, Approval.request_id == DisbursementRequest.id)
        .outerjoin(RequestPayee, RequestPayee.id == DisbursementRequest.id)
        .where(
            counted,
            Approval.decision == Decision.APPROVE,
            Approval.facts_sha256 == DisbursementRequest.facts_sha256,
        )
        .group_by(DisbursementRequest.id, RequestPayee.name_lookup)
        .order_by(last, DisbursementRequest.id)
    )
    for row in db.session.execute(statement):
        yield _Approved(
            number=row.number,
            satang=row.total_satang,
            asked_on=clock.local_day(row.requested_at),
            decided_at=row.decided_at,
            people=row.people,
            payee=row.payee,
            lines=lines.get(row.id, []),
        )


def _lines(counted: ColumnElement[bool]) -> dict[int, list[tuple[int, int, int, int]]]:
    statement = (
        select(
            RequestLine.request_id,
            RequestLine.child_id,
            Child.guardian_id,
            RequestLine.amount_satang,
            case((is_share_out(), RequestLine.amount_satang), else_=0),
        )
        .join(Child, Child.id == RequestLine.child_id)
        .join(DisbursementRequest, DisbursementRequest.id == RequestLine.request_id)
        .where(counted)
    )
    found: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    for request_id, child_id, guardian_id, satang, kept in db.session.execute(statement):
        found[request_id].append((child_id, guardian_id, satang, kept))
    return found


def _counted(since: datetime) -> ColumnElement[bool]:
    is_owed = DisbursementRequest.status.in_(OWED_STATES)
    return is_owed & (DisbursementRequest.requested_at >= since)


CHECKS = (
    Check(
        "disbursements.bands",
        N_(
            "Every approved request has as many approvers as the rules ask for its amount, with "
            "what adds up in its month."
        ),
        enough_approvers,
    ),
    Check(
        "disbursements.caps",
        N_("No child and no household got more than the cap of its fiscal year."),
        within_caps,
    ),
    Check(
        "disbursements.fund-rules",
        N_("Every approved request is within the rules of its fund of that day."),
        outside_fund_rules,
    ),
)
