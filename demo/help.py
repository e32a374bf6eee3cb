"""The help that is asked for, decided, paid and proved in the demo's story (pure).

Nothing is approved that the fund has not received by the day it is asked for, whatever was approved
before; so the teller never meets a refusal of the books.
"""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

from demo import funds
from demo.families import Member
from demo.happenings import (
    CashMoves,
    Happening,
    HelpAsked,
    HelpDecided,
    HelpPaid,
    HelpProved,
    MoneyComes,
    Verdict,
)
from demo.sizes import Size
from demo.years import Span, office_hour, workday
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
    Need.LIVING: "ครอบครัวรายได้ไม่พอค่าใช้จ่ายประจำเดือน หลังผู้ปกครองตกงานจากสวนยาง",
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
_CANCELS = ("ครอบครัวขอถอนเรื่อง", "เด็กย้ายออกนอกจังหวัด")
_TROUBLES = ("ผู้ปกครองแจ้งว่าเงินยังไม่เข้าบัญชี", "โรงเรียนได้รับเงินไม่ครบจำนวน")
#: What was asked for lately, so that everybody in the office finds something to do.
_LATELY = (
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
#: What becomes of requests in the end, in a round of twenty.
_IN_THE_END = (
    *[RequestStatus.CONFIRMED] * 16,
    RequestStatus.REJECTED,
    RequestStatus.CANCELLED,
    RequestStatus.PROBLEM,
    RequestStatus.CONFIRMED,
)
_LATELY_DAYS = 12


@dataclass(slots=True)
class Purse:
    """What each fund has received by an instant, less everything ever approved from it."""

    instants: dict[str, list[datetime]]
    totals: dict[str, list[int]]
    approved: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @classmethod
    def of(cls, money: list[MoneyComes], span: Span) -> "Purse":
        """A purse of what was brought forward and of payments that count."""
        start = office_hour(Random(0), span.first)  # noqa: S311 - a story, not a secret
        instants = defaultdict(list, {code: [start] for code in funds.BROUGHT_FORWARD})
        totals = defaultdict(list, {code: [held] for code, held in funds.BROUGHT_FORWARD.items()})
        for one in sorted(money, key=lambda payment: payment.at):
            so_far = totals[one.fund][-1] if totals[one.fund] else 0
            instants[one.fund].append(one.at)
            totals[one.fund].append(so_far + one.satang)
        return cls(instants, totals)

    def left(self, fund: str, at: datetime) -> int:
        """What may still be approved from what had come by ``at``."""
        come = bisect_right(self.instants.get(fund, []), at)
        return (self.totals[fund][come - 1] if come else 0) - self.approved[fund]


@dataclass(frozen=True, slots=True)
class _Case:
    """A request while its story is thought out."""

    asked: HelpAsked
    fate: RequestStatus
    is_late: bool


def help_for(
    span: Span, size: Size, members: list[Member], money: list[MoneyComes], rng: Random
) -> list[Happening]:
    """The story's requests with all that becomes of them."""
    purse = Purse.of(money, span)
    found: list[Happening] = []
    lately = max(len(_LATELY) + 6, size.requests // 10)
    for number in range(1, size.requests + 1):
        place = number - (size.requests - lately) - 1
        asked_on = _asked_on(number, place, size.requests - lately, lately, span, rng)
        fate = (
            _LATELY[place % len(_LATELY)] if place >= 0 else _IN_THE_END[number % len(_IN_THE_END)]
        )
        asked = _asked(number, asked_on, members, purse, span, rng)
        found.extend(_course(_Case(asked, fate, place >= 0), purse, span, rng))
    return found


def _asked_on(number: int, place: int, early: int, lately: int, span: Span, rng: Random) -> date:
    """Requests follow each other evenly, from the third month to the day before yesterday."""
    if place >= 0:
        back = 2 + int((lately - place) * (_LATELY_DAYS + 20) / lately)
        return workday(span.last - timedelta(days=back + 2))
    share = number / (early + 1)
    start, end = span.first + timedelta(days=75), span.last - timedelta(days=45)
    return workday(start + timedelta(days=int((end - start).days * share)))


def _asked(
    number: int, on: date, members: list[Member], purse: Purse, span: Span, rng: Random
) -> HelpAsked:
    """A request that some fund can pay; children of one district."""
    at = office_hour(rng, on)
    known = [
        one for one in members if one.comes.at < at and on < one.helped_until - timedelta(days=25)
    ]
    first = known[number * 7919 % len(known)]
    near = [one for one in known if one.comes.district == first.comes.district and one is not first]
    need = _need(first, rng)
    fund = _fund(first, need, at, purse, rng)
    each = rng.choice((150_000, 200_000, 250_000, 300_000, 450_000, 600_000))
    wanted = 1 if rng.random() < 0.45 else rng.randint(2, 12)
    chosen = [first, *rng.sample(near, min(wanted - 1, len(near)))]
    if fund == funds.ZAKAT:
        chosen = [one for one in chosen if one.is_zakat_possible]
    budget = purse.left(fund, at) // 3
    each = min(each, max(100, budget // 100 * 100))
    chosen = chosen[: max(1, budget // each)]
    by_school = len(chosen) > 3
    return HelpAsked(
        at=at,
        request=number,
        fund=fund,
        need=need,
        reason=_REASONS[need],
        payee=PayeeKind.SCHOOL if by_school else PayeeKind.GUARDIAN,
        payee_name=first.comes.facts.school_name or first.guardian.full
        if by_school
        else first.guardian.full,
        method=PayoutMethod.TRANSFER
        if by_school
        else rng.choice(
            (
                PayoutMethod.TRANSFER,
                PayoutMethod.TRANSFER,
                PayoutMethod.PROMPTPAY,
                PayoutMethod.CASH,
            )
        ),
        lines=tuple((one.number, each) for one in chosen),
    )


def _need(member: Member, rng: Random) -> Need:
    if member.comes.facts.target_group is TargetGroup.EARLY_CHILDHOOD:
        return rng.choice((Need.FOOD, Need.FOOD, Need.HEALTH, Need.LIVING))
    if member.comes.facts.school_name:
        return rng.choice((Need.EDUCATION, Need.EDUCATION, Need.TRAVEL, Need.LIVING))
    return rng.choice((Need.LIVING, Need.LIVING, Need.EDUCATION, Need.HEALTH))


def _fund(member: Member, need: Need, at: datetime, purse: Purse, rng: Random) -> str:
    """A fund for this purpose with money in it; of several the one with the most, mostly."""
    fitting = [funds.GENERAL]
    if need in (Need.EDUCATION, Need.TRAVEL):
        fitting.append(funds.EDUCATION)
    if member.comes.facts.target_group is TargetGroup.EARLY_CHILDHOOD:
        fitting.append(funds.EARLY)
    if need in (Need.LIVING, Need.FOOD, Need.HEALTH):
        fitting.append(funds.SADAQAH)
        if member.is_zakat_possible:
            fitting.append(funds.ZAKAT)
    return max(fitting, key=lambda code: purse.left(code, at))


def _course(case: _Case, purse: Purse, span: Span, rng: Random) -> list[Happening]:
    """The request and everything that is done with it."""
    asked, fate = case.asked, case.fate
    found: list[Happening] = [asked]
    at = _later(asked.at, span, rng, 1, 4)
    if fate is RequestStatus.SUBMITTED:
        return found
    if fate is RequestStatus.CANCELLED and asked.request % 2:
        return [*found, _decided(asked, Verdict.CANCEL, at, rng, by_asker=True)]
    if fate is RequestStatus.REJECTED:
        return [*found, _decided(asked, Verdict.REJECT, at, rng)]
    if fate is RequestStatus.RETURNED:
        return [*found, _decided(asked, Verdict.RETURN, at, rng)]
    if asked.request % 9 == 0 and not case.is_late:
        found.append(_decided(asked, Verdict.RETURN, at, rng))
        at = _later(at, span, rng, 2, 4)
        found.append(_again(asked, at))
        at = _later(at, span, rng, 1, 3)
    found.append(_decided(asked, Verdict.APPROVE, at, rng))
    purse.approved[asked.fund] += _total(asked)
    if fate is RequestStatus.CANCELLED:
        at = _later(at, span, rng, 1, 2)
        return [*found, _decided(asked, Verdict.CANCEL, at, rng)]
    return found if fate is RequestStatus.APPROVED else [*found, *_paid(case, at, span, rng)]


def _paid(case: _Case, approved_at: datetime, span: Span, rng: Random) -> list[Happening]:
    asked, found = case.asked, list[Happening]()
    at = _later(approved_at, span, rng, *((1, 3) if case.is_late else (3, 8)))
    if asked.method is PayoutMethod.CASH:
        drawn_at, satang = at - timedelta(minutes=10), -_total(asked)
        drawn = CashMoves(at=drawn_at, cash=-asked.request, fund=asked.fund, satang=satang)
        found.append(drawn)
    found.append(HelpPaid(at=at, request=asked.request, paid_on=local_day(at)))
    if case.fate is RequestStatus.PAID:
        return found
    at = _later(at, span, rng, *((1, 2) if case.is_late else (2, 15)))
    if case.fate is RequestStatus.PROBLEM or asked.request % 20 == 19:
        found.append(_proved(asked, at, rng, trouble=True))
        at = _later(at, span, rng, 3, 9)
    if case.fate is RequestStatus.CONFIRMED:
        found.append(_proved(asked, at, rng))
    return found


def _later(at: datetime, span: Span, rng: Random, least: int, most: int) -> datetime:
    """Some days later in office hours, yesterday at the latest, and always after ``at``."""
    day = min(workday(local_day(at) + timedelta(days=rng.randint(least, most))), span.last)
    return max(office_hour(rng, day), at + timedelta(minutes=25))


def _total(asked: HelpAsked) -> int:
    return sum(satang for _, satang in asked.lines)


def _decided(
    asked: HelpAsked, verdict: Verdict, at: datetime, rng: Random, *, by_asker: bool = False
) -> HelpDecided:
    reasons = {
        Verdict.REJECT: _REJECTIONS,
        Verdict.RETURN: _RETURNS,
        Verdict.CANCEL: _CANCELS,
        Verdict.APPROVE: ("",),
    }[verdict]
    return HelpDecided(
        at=at, request=asked.request, verdict=verdict, reason=rng.choice(reasons), by_asker=by_asker
    )


def _again(asked: HelpAsked, at: datetime) -> HelpAsked:
    return replace(asked, at=at, reason=f"{asked.reason} (แนบรายละเอียดเพิ่มแล้ว)", again=True)


def _proved(asked: HelpAsked, at: datetime, rng: Random, *, trouble: bool = False) -> HelpProved:
    return HelpProved(
        at=at,
        request=asked.request,
        outcome=rng.choice((ReceiptOutcome.NOT_RECEIVED, ReceiptOutcome.PROBLEM))
        if trouble
        else ReceiptOutcome.RECEIVED,
        confirmed_by=asked.payee_name,
        note=rng.choice(_TROUBLES) if trouble else "",
        has_paper=not trouble and asked.request % 12 == 0,
    )
