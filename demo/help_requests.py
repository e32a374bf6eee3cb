"""The demo's requests for help: submitted, decided, paid and proved (pure).

No request is for more than its fund had received by then, less everything approved before it; so
no operation refuses one.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random

from demo import funds
from demo.children import ChildPlan
from demo.dates import Span, office_hour, workday
from demo.events import (
    CashMoved,
    Event,
    HelpDecided,
    HelpDecision,
    HelpPaid,
    HelpRequested,
    PaymentReceived,
    ProofFiled,
)
from demo.sizes import Size
from fundapp.children.models import TargetGroup
from fundapp.clock import local_day
from fundapp.disbursements.models import (
    Need,
    PayeeKind,
    PayoutMethod,
    ReceiptOutcome,
    RequestStatus,
)

_REASONS = {
    Need.LIVING: "ครอบครัวรายได้ไม่พอค่าใช้จ่ายประจำเดือน เนื่องจากผู้ปกครองขาดรายได้จากการรับจ้างกรีดยาง",
    Need.EDUCATION: "ขาดเครื่องแบบ อุปกรณ์การเรียน และค่าบำรุงการศึกษาของภาคเรียนนี้",
    Need.TRAVEL: "บ้านอยู่ไกลโรงเรียน ไม่มีค่ารถรับส่งรายเดือน",
    Need.HEALTH: "ต้องเดินทางไปพบแพทย์ตามนัดและซื้อเวชภัณฑ์ที่สิทธิรักษาไม่ครอบคลุม",
    Need.FOOD: "เด็กมีน้ำหนักต่ำกว่าเกณฑ์ ต้องการนมและอาหารเสริม",
}
_REJECTIONS = (
    "ได้รับความช่วยเหลือจากหน่วยงานอื่นแล้ว",
    "เอกสารไม่ครบตามหลักเกณฑ์ของกองทุน",
    "ไม่ตรงวัตถุประสงค์ของกองทุนนี้",
)
_RETURNS = ("ขอรายละเอียดค่าใช้จ่ายเพิ่ม", "โปรดแนบผลการเยี่ยมบ้าน", "จำนวนเงินสูงกว่าเกณฑ์ โปรดทบทวน")
_CANCELLATIONS = ("ครอบครัวขอถอนเรื่อง", "เด็กย้ายออกนอกจังหวัด")
_PROBLEMS = ("ผู้ปกครองแจ้งว่าเงินยังไม่เข้าบัญชี", "โรงเรียนได้รับเงินไม่ครบจำนวน")
_REASONS_OF_DECISIONS = {
    HelpDecision.REJECT: _REJECTIONS,
    HelpDecision.RETURN: _RETURNS,
    HelpDecision.CANCEL: _CANCELLATIONS,
    HelpDecision.APPROVE: ("",),
}
#: States of the recent requests, in turn, so that every role has something to do.
_RECENT_STATUSES = (
    RequestStatus.SUBMITTED,
    RequestStatus.APPROVED,
    RequestStatus.PAID,
    RequestStatus.RETURNED,
    RequestStatus.SUBMITTED,
    RequestStatus.APPROVED,
    RequestStatus.PROBLEM,
    RequestStatus.PAID,
    RequestStatus.REJECTED,
    RequestStatus.CANCELLED,
)
#: States of the requests before them, in turn.
_EARLIER_STATUSES = (
    *[RequestStatus.CONFIRMED] * 16,
    RequestStatus.REJECTED,
    RequestStatus.CANCELLED,
    RequestStatus.PROBLEM,
    RequestStatus.CONFIRMED,
)
#: The decisions after which nothing more is done.
_REFUSALS = {
    RequestStatus.REJECTED: HelpDecision.REJECT,
    RequestStatus.RETURNED: HelpDecision.RETURN,
}
_METHODS = (
    PayoutMethod.TRANSFER,
    PayoutMethod.TRANSFER,
    PayoutMethod.PROMPTPAY,
    PayoutMethod.CASH,
)
_RECENT_DAYS = 32


@dataclass(slots=True)
class AvailableMoney:
    """What each fund has received by an instant, less everything ever approved from it (satang)."""

    instants: dict[str, list[datetime]]
    totals: dict[str, list[int]]
    approved: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @classmethod
    def of(cls, payments: list[PaymentReceived], span: Span) -> "AvailableMoney":
        """What was brought forward, and the payments that count."""
        start = office_hour(Random(0), span.first)  # noqa: S311 - an invented day, not a secret
        instants = defaultdict(list, {code: [start] for code in funds.BROUGHT_FORWARD})
        totals = defaultdict(list, {code: [held] for code, held in funds.BROUGHT_FORWARD.items()})
        for payment in sorted(payments, key=lambda payment: payment.at):
            so_far = totals[payment.fund][-1] if totals[payment.fund] else 0
            instants[payment.fund].append(payment.at)
            totals[payment.fund].append(so_far + payment.satang)
        return cls(instants, totals)

    def at(self, fund: str, at: datetime) -> int:
        """What may still be approved of the money received by ``at``."""
        count = bisect_right(self.instants.get(fund, []), at)
        return (self.totals[fund][count - 1] if count else 0) - self.approved[fund]


class _Files:
    """The children by the day of their files, so that a request looks at few of them."""

    def __init__(self, children: list[ChildPlan]) -> None:
        self._all = sorted(children, key=_opened_at)
        self._of_district: dict[str, list[ChildPlan]] = defaultdict(list)
        for child in self._all:
            self._of_district[child.registered.district].append(child)

    def nth(self, number: int, at: datetime, on: date) -> ChildPlan:
        """The child with this number, counted around, of those that may be helped then; or the
        next one.
        """
        count = bisect_left(self._all, at, key=_opened_at)
        in_turn = (self._all[(number + step) % count] for step in range(count))
        return next(child for child in in_turn if _may_be_helped(child, on))

    def neighbours(
        self, first: ChildPlan, most: int, at: datetime, on: date, rng: Random
    ) -> list[ChildPlan]:
        """At most so many other children of its district who may be helped then."""
        files = self._of_district[first.registered.district]
        count = bisect_left(files, at, key=_opened_at)
        # Some of them may not be helped any more.
        drawn = rng.sample(files[:count], min(2 * most, count))
        fitting = (each for each in drawn if each is not first and _may_be_helped(each, on))
        return list(islice(fitting, most))


def _opened_at(child: ChildPlan) -> datetime:
    return child.registered.at


def _may_be_helped(child: ChildPlan, on: date) -> bool:
    return on < child.helped_until - timedelta(days=25)


@dataclass(frozen=True, slots=True)
class _RequestPlan:
    """A request and the state it ends in."""

    request: HelpRequested
    final_status: RequestStatus
    is_recent: bool


def plan_help(
    span: Span,
    size: Size,
    children: list[ChildPlan],
    payments: list[PaymentReceived],
    rng: Random,
) -> list[Event]:
    """The requests with everything that is done about them."""
    available, files = AvailableMoney.of(payments, span), _Files(children)
    events: list[Event] = []
    recent = max(len(_RECENT_STATUSES) + 6, size.requests // 10)
    earlier = size.requests - recent
    for number in range(1, size.requests + 1):
        index = number - earlier - 1
        is_recent = index >= 0
        requested_on = (
            _recent_day(index, recent, span) if is_recent else _earlier_day(number, earlier, span)
        )
        statuses = _RECENT_STATUSES if is_recent else _EARLIER_STATUSES
        final_status = statuses[(index if is_recent else number) % len(statuses)]
        request = _request(number, requested_on, files, available, rng)
        plan = _RequestPlan(request, final_status, is_recent)
        events.extend(_events_of(plan, available, span, rng))
    return events


def _recent_day(index: int, recent: int, span: Span) -> date:
    """The day of a recent request, the last of them some days before yesterday."""
    days_ago = 4 + int((recent - index) * _RECENT_DAYS / recent)
    return workday(span.last - timedelta(days=days_ago))


def _earlier_day(number: int, earlier: int, span: Span) -> date:
    """The day of an earlier request; they are evenly distributed from the third month on."""
    start, end = span.first + timedelta(days=75), span.last - timedelta(days=45)
    return workday(start + timedelta(days=int((end - start).days * (number / (earlier + 1)))))


def _request(
    number: int, on: date, children: "_Files", available: AvailableMoney, rng: Random
) -> HelpRequested:
    """A request for children of one district that its fund can pay."""
    at = office_hour(rng, on)
    first = children.nth(number * 7919, at, on)
    need = _need(first, rng)
    fund = _fund(first, need, at, available)
    satang_each = rng.choice((150_000, 200_000, 250_000, 300_000, 450_000, 600_000))
    count = 1 if rng.random() < 0.45 else rng.randint(2, 12)
    chosen = [first, *children.neighbours(first, count - 1, at, on, rng)]
    if need is Need.HEALTH:
        chosen = [child for child in chosen if child.is_sensitive_possible]
    if fund == funds.ZAKAT:
        chosen = [child for child in chosen if child.is_zakat_possible]
    budget = available.at(fund, at) // 3
    satang_each = min(satang_each, max(100, budget // 100 * 100))
    chosen = chosen[: max(1, budget // satang_each)]
    guardian, school = first.guardian.full, first.registered.facts.school_name
    to_school = len(chosen) > 3 and bool(school)
    return HelpRequested(
        at=at,
        request=number,
        fund=fund,
        need=need,
        reason=_REASONS[need],
        payee=PayeeKind.SCHOOL if to_school else PayeeKind.GUARDIAN,
        payee_name=school if to_school else guardian,
        method=PayoutMethod.TRANSFER if to_school else rng.choice(_METHODS),
        lines=tuple((child.number, satang_each) for child in chosen),
    )


def _need(child: ChildPlan, rng: Random) -> Need:
    need = _likely_need(child, rng)
    return need if need is not Need.HEALTH or child.is_sensitive_possible else Need.LIVING


def _likely_need(child: ChildPlan, rng: Random) -> Need:
    if child.registered.facts.target_group is TargetGroup.EARLY_CHILDHOOD:
        return rng.choice((Need.FOOD, Need.FOOD, Need.HEALTH, Need.LIVING))
    if child.registered.facts.school_name:
        return rng.choice((Need.EDUCATION, Need.EDUCATION, Need.TRAVEL, Need.LIVING))
    return rng.choice((Need.LIVING, Need.LIVING, Need.EDUCATION, Need.HEALTH))


def _fund(child: ChildPlan, need: Need, at: datetime, available: AvailableMoney) -> str:
    """The fund for this purpose that has the most money."""
    fitting = [funds.GENERAL]
    if need in (Need.EDUCATION, Need.TRAVEL):
        fitting.append(funds.EDUCATION)
    if child.registered.facts.target_group is TargetGroup.EARLY_CHILDHOOD:
        fitting.append(funds.EARLY)
    if need in (Need.LIVING, Need.FOOD, Need.HEALTH):
        fitting.append(funds.SADAQAH)
        if child.is_zakat_possible:
            fitting.append(funds.ZAKAT)
    return max(fitting, key=lambda code: available.at(code, at))


def _events_of(
    plan: _RequestPlan, available: AvailableMoney, span: Span, rng: Random
) -> list[Event]:
    """The request and everything that is done about it."""
    request, final_status = plan.request, plan.final_status
    events: list[Event] = [request]
    at = _later(request.at, span, rng, 1, 4)
    if final_status is RequestStatus.SUBMITTED:
        return events
    if final_status is RequestStatus.CANCELLED and request.request % 2:
        return [*events, _decided(request, HelpDecision.CANCEL, at, rng, by_requester=True)]
    if final_status in _REFUSALS:
        return [*events, _decided(request, _REFUSALS[final_status], at, rng)]
    if request.request % 9 == 0 and not plan.is_recent:
        events.append(_decided(request, HelpDecision.RETURN, at, rng))
        at = _later(at, span, rng, 2, 4)
        events.append(_resubmitted(request, at))
        at = _later(at, span, rng, 1, 3)
    events.append(_decided(request, HelpDecision.APPROVE, at, rng))
    available.approved[request.fund] += request.total_satang
    if final_status is RequestStatus.CANCELLED:
        at = _later(at, span, rng, 1, 2)
        return [*events, _decided(request, HelpDecision.CANCEL, at, rng)]
    if final_status is RequestStatus.APPROVED:
        return events
    return [*events, *_payout_events(plan, at, span, rng)]


def _payout_events(
    plan: _RequestPlan, approved_at: datetime, span: Span, rng: Random
) -> list[Event]:
    """The payout, and the proofs of receipt."""
    request, events = plan.request, list[Event]()
    at = _later(approved_at, span, rng, *((1, 3) if plan.is_recent else (3, 8)))
    if request.method is PayoutMethod.CASH:
        drawn = CashMoved(
            at=at - timedelta(minutes=10),
            cash=-request.request,
            fund=request.fund,
            satang=-request.total_satang,
        )
        events.append(drawn)
    events.append(HelpPaid(at=at, request=request.request, paid_on=local_day(at)))
    if plan.final_status is RequestStatus.PAID:
        return events
    at = _later(at, span, rng, *((1, 2) if plan.is_recent else (2, 15)))
    if plan.final_status is RequestStatus.PROBLEM or request.request % 20 == 19:
        events.append(_proof(request, at, rng, is_problem=True))
        at = _later(at, span, rng, 3, 9)
    if plan.final_status is RequestStatus.CONFIRMED:
        events.append(_proof(request, at, rng, is_problem=False))
    return events


def _later(at: datetime, span: Span, rng: Random, least: int, most: int) -> datetime:
    """Some days later in office hours, yesterday at the latest, and always after ``at``."""
    day = min(workday(local_day(at) + timedelta(days=rng.randint(least, most))), span.last)
    return max(office_hour(rng, day), at + timedelta(minutes=25))


def _decided(
    request: HelpRequested,
    decision: HelpDecision,
    at: datetime,
    rng: Random,
    *,
    by_requester: bool = False,
) -> HelpDecided:
    return HelpDecided(
        at=at,
        request=request.request,
        decision=decision,
        reason=rng.choice(_REASONS_OF_DECISIONS[decision]),
        by_requester=by_requester,
    )


def _resubmitted(request: HelpRequested, at: datetime) -> HelpRequested:
    reason = f"{request.reason} (แนบรายละเอียดเพิ่มแล้ว)"
    return replace(request, at=at, reason=reason, is_resubmission=True)


def _proof(request: HelpRequested, at: datetime, rng: Random, *, is_problem: bool) -> ProofFiled:
    return ProofFiled(
        at=at,
        request=request.request,
        outcome=rng.choice((ReceiptOutcome.NOT_RECEIVED, ReceiptOutcome.PROBLEM))
        if is_problem
        else ReceiptOutcome.RECEIVED,
        confirmed_by=request.payee_name,
        note=rng.choice(_PROBLEMS) if is_problem else "",
        has_document=not is_problem and request.request % 12 == 0,
        by_link=not is_problem and request.request % 12 != 0,
    )
