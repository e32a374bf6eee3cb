"""Donors, pledges, and money that does not come through a statement."""

from demo.acts.stage import Stage
from demo.funds import bank_of
from demo.happenings import (
    DonorComes,
    MoneyComes,
    MoneyReversed,
    PledgeMade,
    PledgeTurns,
    Turn,
)
from fundapp.access.actors import VISITOR
from fundapp.banking.operations import record_as_gift, unmatch_line
from fundapp.giving.models import Method
from fundapp.giving.operations import (
    IncomingPayment,
    PledgeTerms,
    cancel_pledge,
    make_pledge,
    pause_pledge,
    receive_payment,
    register_donor,
    resume_pledge,
    reverse_payment,
)
from fundapp.ledger import chart

_TURNS = {Turn.PAUSE: pause_pledge, Turn.RESUME: resume_pledge, Turn.CANCEL: cancel_pledge}


def donor_comes(stage: Stage, it: DonorComes) -> None:
    """A donor becomes known."""
    stage.donors[it.donor] = register_donor(
        it.name, kind=it.kind, email=it.email, phone=it.phone, locale=it.locale, actor=VISITOR
    )


def pledge_made(stage: Stage, it: PledgeMade) -> None:
    """A donor promises on the public page."""
    donor = stage.donors[it.donor]
    terms = PledgeTerms(
        amount_satang=it.amount_satang,
        fund_code=it.fund,
        starts_on=it.starts_on,
        frequency=it.frequency,
        instalment_count=it.count,
        method=it.method,
        name=donor.name,
        is_anonymous=it.is_anonymous,
        locale=donor.locale,
        donor_id=donor.id,
    )
    stage.pledges[it.pledge] = make_pledge(terms, actor=VISITOR)


def pledge_turns(stage: Stage, it: PledgeTurns) -> None:
    """A pledge is paused, resumed or cancelled, unless it has been fulfilled meanwhile."""
    pledge = stage.pledges[it.pledge]
    if pledge.status in ("active", "paused"):
        _TURNS[it.turn](pledge.token, actor=VISITOR)


def money_comes(stage: Stage, it: MoneyComes) -> None:
    """An officer records what came: cash, a cheque, or a transfer before there were statements."""
    donor = stage.donors.get(it.donor or 0)
    is_cash = it.method is Method.CASH
    instalment = stage.instalment_of(it)
    arrival = IncomingPayment(
        amount_satang=it.satang,
        received_on=it.received_on,
        method=it.method,
        asset_account_code=chart.CASH_ON_HAND if is_cash else bank_of(it.fund).account_code,
        donor_id=donor.id if donor else None,
        instalment_reference=instalment.reference if instalment else None,
        fund_code=it.fund,
        is_anonymous=it.is_anonymous,
        external_ref=f"demo:{it.payment}",
        note=it.note,
        payer_name=it.payer_name,
    )
    payment = receive_payment(arrival, actor=stage.cast.officer(it.payment))
    stage.payments[it.payment] = payment.public_id


def money_reversed(stage: Stage, it: MoneyReversed) -> None:
    """Cash recorded twice is reversed; a wrong match is undone and the money kept as a gift."""
    officer = stage.cast.officer(it.payment)
    line = stage.lines.get(it.payment)
    if line is None:
        reverse_payment(stage.payments[it.payment], reason=it.reason, actor=officer)
        return
    unmatch_line(line, reason=it.reason, actor=officer)
    fund = stage.funds_of_lines[it.payment]
    record_as_gift(line, fund_code=fund, is_anonymous=True, actor=officer)
