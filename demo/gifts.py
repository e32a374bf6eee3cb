"""The demo's gifts without a pledge, and the payments that are reversed (pure)."""

from datetime import date, timedelta
from random import Random

from demo import funds
from demo.dates import Span, office_hour, ramadans, workday
from demo.donors import DonorProfile, GivingPlan, plan_pledges
from demo.events import PaymentReversed
from demo.sizes import Size
from fundapp.giving.models import Method

_METHODS = (*[Method.PROMPTPAY] * 5, *[Method.TRANSFER] * 3, *[Method.CASH] * 4, Method.CHEQUE)
_COLLECTIONS = (
    "งานกาชาดประจำปี",
    "ตลาดนัดชุมชน",
    "วันเด็กแห่งชาติ",
    "กล่องรับบริจาคหน้าสำนักงาน",
    "งานระดมทุนในโรงเรียน",
)
_WRONG_MATCH = "จับคู่กับความจำนงบริจาคผิดรายการ"
_RECORDED_TWICE = "บันทึกเงินสดซ้ำสองครั้ง"


def plan_giving(span: Span, size: Size, rng: Random) -> GivingPlan:
    """Everything that donors do: pledges, gifts without a pledge, and reversals."""
    donors, plan = plan_pledges(span, size, rng)
    _add_gifts(donors, plan, span, size, rng)
    _add_reversals(plan, span, size, rng)
    _add_cheque(donors, plan, span, rng)
    return plan


def _add_gifts(
    donors: list[DonorProfile], plan: GivingPlan, span: Span, size: Size, rng: Random
) -> None:
    """Single gifts, until there are as many payments as the size asks for."""
    months_of_ramadan = ramadans(span)
    for number in range(max(size.payments - len(plan.payments), size.payments // 8)):
        if number % 4 == 0:
            _add_collection(plan, span, rng)
        elif number % 4 == 1 and months_of_ramadan:
            _add_zakat(rng.choice(donors), rng.choice(months_of_ramadan), plan, rng)
        else:
            _add_gift(rng.choice(donors), plan, span, rng)


def _add_cheque(donors: list[DonorProfile], plan: GivingPlan, span: Span, rng: Random) -> None:
    """A cheque in the first weeks of the statements; so there is one that the bank takes back
    (`bank_lines.returned_cheque`).
    """
    day = workday(span.statements_from + timedelta(days=17))
    known = [donor for donor in donors if donor.registered.at.date() < day]
    if not known or day > span.last:
        return
    donor = known[-1]
    plan.add_payment(
        at=office_hour(rng, day),
        satang=donor.usual_baht * 500,
        received_on=day,
        method=Method.CHEQUE,
        fund=donor.funds[0],
        donor=donor.registered.donor,
    )


def _add_collection(plan: GivingPlan, span: Span, rng: Random) -> None:
    """Cash from unnamed people, collected on some occasion."""
    day = workday(span.day(rng, before=0.99))
    if day > span.last:
        day = span.first
    plan.add_payment(
        at=office_hour(rng, day),
        satang=rng.randrange(2, 600) * 1000 + rng.choice((0, 0, 25, 50, 75)),
        received_on=day,
        method=Method.CASH,
        fund=rng.choice((funds.GENERAL, funds.GENERAL, funds.EDUCATION, funds.SADAQAH)),
        is_anonymous=True,
        note=rng.choice(_COLLECTIONS),
    )


def _add_zakat(
    donor: DonorProfile, ramadan: tuple[date, date], plan: GivingPlan, rng: Random
) -> None:
    """Zakat is mostly paid in Ramadan, and more of it towards the end."""
    start, end = ramadan
    day = max(
        start + timedelta(days=int((end - start).days * rng.random() ** 0.5)),
        donor.registered.at.date(),
    )
    if day > end:
        return
    plan.add_payment(
        at=max(office_hour(rng, day), donor.registered.at + timedelta(minutes=1)),
        satang=rng.choice((250_000, 500_000, 625_000, 1_000_000, 1_250_050))
        if donor.usual_baht >= 1000
        else donor.usual_baht * 250,
        received_on=day,
        method=rng.choice((Method.PROMPTPAY, Method.TRANSFER, Method.CASH)),
        fund=funds.ZAKAT,
        donor=donor.registered.donor,
    )


def _add_gift(donor: DonorProfile, plan: GivingPlan, span: Span, rng: Random) -> None:
    joined_on = donor.registered.at.date()
    day = joined_on + timedelta(days=int(((span.last - joined_on).days) * rng.random()))
    plan.add_payment(
        at=max(office_hour(rng, day), donor.registered.at + timedelta(minutes=1)),
        satang=donor.usual_baht * rng.choice((100, 100, 150, 200, 300)),
        received_on=day,
        method=rng.choice(_METHODS),
        fund=rng.choice(donor.funds),
        donor=donor.registered.donor,
        is_anonymous=rng.random() < 0.1,
    )


def _add_reversals(plan: GivingPlan, span: Span, size: Size, rng: Random) -> None:
    """Some weeks later a few payments are reversed: matched wrongly, or cash recorded twice."""
    # Received in the first half of a month: its books are still open when the error is found.
    old_enough = [
        payment
        for payment in plan.payments
        if (span.last - payment.received_on).days > 45 and payment.received_on.day <= 15
    ]
    matched = [
        payment
        for payment in old_enough
        if payment.pledge and payment.instalment and payment.received_on >= span.statements_from
    ]
    cash = [payment for payment in old_enough if payment.method is Method.CASH]
    for candidates, reason in ((matched, _WRONG_MATCH), (cash, _RECORDED_TWICE)):
        for payment in rng.sample(candidates, min(len(candidates), size.reversals)):
            reversed_on = workday(payment.received_on + timedelta(days=rng.randrange(20, 25)))
            at = office_hour(rng, reversed_on)
            plan.events.append(PaymentReversed(at=at, payment=payment.payment, reason=reason))
