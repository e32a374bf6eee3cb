"""Gifts in the demo's story that nobody had promised, and payments that prove wrong (pure)."""

from datetime import date, timedelta
from random import Random

from demo import funds
from demo.givers import Giver, Giving, promises
from demo.happenings import MoneyReversed
from demo.sizes import Size
from demo.years import Span, office_hour, ramadans, workday
from fundapp.giving.models import Method

_FREE_METHODS = (*[Method.PROMPTPAY] * 5, *[Method.TRANSFER] * 3, *[Method.CASH] * 4, Method.CHEQUE)
_EVENTS = (
    "งานกาชาดประจำปี",
    "ตลาดนัดชุมชน",
    "วันเด็กแห่งชาติ",
    "กล่องรับบริจาคหน้าสำนักงาน",
    "งานระดมทุนในโรงเรียน",
)
_WRONG_MATCH = "จับคู่กับคำมั่นผิดรายการ"
_RECORDED_TWICE = "บันทึกเงินสดซ้ำสองครั้ง"


def giving(span: Span, size: Size, rng: Random) -> Giving:
    """Everything that givers do: what they promise, give freely, and what proves wrong."""
    givers, told = promises(span, size, rng)
    _give_freely(givers, told, span, size, rng)
    _reverse_some(told, span, size, rng)
    return told


def _give_freely(givers: list[Giver], told: Giving, span: Span, size: Size, rng: Random) -> None:
    """Single gifts, until there are as many payments as the size asks for."""
    feasts = ramadans(span)
    for number in range(max(size.payments - len(told.money), size.payments // 8)):
        if number % 4 == 0:
            _event(told, span, rng)
        elif number % 4 == 1 and feasts:
            _zakat(rng.choice(givers), rng.choice(feasts), told, rng)
        else:
            _gift(rng.choice(givers), told, span, rng)


def _event(told: Giving, span: Span, rng: Random) -> None:
    """Cash from people who give no name, collected at an event."""
    day = workday(span.day(rng, before=0.99))
    if day > span.last:
        day = span.first
    told.receive(
        at=office_hour(rng, day),
        satang=rng.randrange(2, 600) * 1000 + rng.choice((0, 0, 25, 50, 75)),
        received_on=day,
        method=Method.CASH,
        fund=rng.choice((funds.GENERAL, funds.GENERAL, funds.EDUCATION, funds.SADAQAH)),
        is_anonymous=True,
        note=rng.choice(_EVENTS),
    )


def _zakat(giver: Giver, feast: tuple[date, date], told: Giving, rng: Random) -> None:
    """Zakat is mostly paid in Ramadan, most of all in its last ten days."""
    start, end = feast
    day = max(
        start + timedelta(days=int((end - start).days * rng.random() ** 0.5)), giver.comes.at.date()
    )
    if day > end:
        return
    told.receive(
        at=max(office_hour(rng, day), giver.comes.at + timedelta(minutes=1)),
        satang=rng.choice((250_000, 500_000, 625_000, 1_000_000, 1_250_050))
        if giver.usual_baht >= 1000
        else giver.usual_baht * 250,
        received_on=day,
        method=rng.choice((Method.PROMPTPAY, Method.TRANSFER, Method.CASH)),
        fund=funds.ZAKAT,
        donor=giver.comes.donor,
    )


def _gift(giver: Giver, told: Giving, span: Span, rng: Random) -> None:
    joined_on = giver.comes.at.date()
    day = joined_on + timedelta(days=int(((span.last - joined_on).days) * rng.random()))
    told.receive(
        at=max(office_hour(rng, day), giver.comes.at + timedelta(minutes=1)),
        satang=giver.usual_baht * rng.choice((100, 100, 150, 200, 300)),
        received_on=day,
        method=rng.choice(_FREE_METHODS),
        fund=rng.choice(giver.funds),
        donor=giver.comes.donor,
        is_anonymous=rng.random() < 0.1,
    )


def _reverse_some(told: Giving, span: Span, size: Size, rng: Random) -> None:
    """A few payments prove wrong some weeks later: of the bank's, and of the cash."""
    # Of first halves of months: their books are still open when the error is found.
    over = [
        one
        for one in told.money
        if (span.last - one.received_on).days > 45 and one.received_on.day <= 15
    ]
    matched = [
        one
        for one in over
        if one.pledge and one.instalment and one.received_on >= span.statements_from
    ]
    cash = [one for one in over if one.method is Method.CASH]
    for pool, reason in ((matched, _WRONG_MATCH), (cash, _RECORDED_TWICE)):
        for wrong in rng.sample(pool, min(len(pool), size.reversals)):
            on = workday(wrong.received_on + timedelta(days=rng.randrange(20, 25)))
            at = office_hour(rng, on)
            told.happenings.append(MoneyReversed(at=at, payment=wrong.payment, reason=reason))
