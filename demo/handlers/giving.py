"""Donors, pledges, and payments that an officer records."""

from collections.abc import Sequence

from demo.donors import SIGNED_IN_DONOR
from demo.events import (
    DonorRegistered,
    PaymentReceived,
    PaymentReversed,
    PledgeChanged,
    PledgeMade,
)
from demo.funds import EDUCATION, GENERAL, bank_of
from demo.state import DemoState
from fundapp.access.actors import VISITOR
from fundapp.banking.operations import record_as_gift, unmatch_line
from fundapp.giving.models import Method
from fundapp.giving.operations import (
    IncomingPayment,
    PledgeTerms,
    cancel_pledge,
    make_pledge,
    pause_pledge,
    receive_payments,
    register_donor,
    resume_pledge,
    reverse_payment,
)
from fundapp.giving.queries import get_pledge
from fundapp.giving.shares import ShareTerms
from fundapp.giving.workflow import PledgeAction
from fundapp.ledger import chart

_CHANGES = {
    PledgeAction.PAUSE: pause_pledge,
    PledgeAction.RESUME: resume_pledge,
    PledgeAction.CANCEL: cancel_pledge,
}


def donor_registered(state: DemoState, event: DonorRegistered) -> None:
    """A donor is registered."""
    state.donors[event.donor] = register_donor(
        event.name,
        kind=event.kind,
        email=event.email,
        phone=event.phone,
        locale=event.locale,
        actor=VISITOR,
    )


def pledge_made(state: DemoState, event: PledgeMade) -> None:
    """A donor makes a pledge on the public page."""
    donor = state.donors[event.donor]
    terms = PledgeTerms(
        amount_satang=event.amount_satang,
        fund_code=event.fund,
        starts_on=event.starts_on,
        frequency=event.frequency,
        instalment_count=event.count,
        method=event.method,
        name=donor.name,
        is_anonymous=event.is_anonymous,
        locale=donor.locale,
        donor_id=donor.id,
        shares=_shares(event),
    )
    state.pledges[event.pledge] = get_pledge(make_pledge(terms, actor=VISITOR))


def _shares(event: PledgeMade) -> tuple[ShareTerms, ...]:
    """The donor one can sign in as gives 60 percent to one fund and 40 to the other."""
    both = (GENERAL, EDUCATION)
    if event.donor != SIGNED_IN_DONOR or event.fund not in both:
        return ()
    (other,) = (code for code in both if code != event.fund)
    return ShareTerms(event.fund, 6_000), ShareTerms(other, 4_000)


def pledge_changed(state: DemoState, event: PledgeChanged) -> None:
    """A pledge is paused, resumed or cancelled, unless it is completed already."""
    pledge = state.pledges[event.pledge]
    if pledge.status in ("active", "paused"):
        _CHANGES[event.action](pledge.token, actor=VISITOR)


def payments_received(state: DemoState, events: Sequence[PaymentReceived]) -> None:
    """An officer records cash, cheques, and transfers before the first statement."""
    payments = receive_payments(
        [_incoming(state, event) for event in events],
        actor=state.people.officer(events[0].payment),
    )
    for event, payment in zip(events, payments, strict=True):
        state.payments[event.payment] = payment.public_id


def _incoming(state: DemoState, event: PaymentReceived) -> IncomingPayment:
    donor = state.donors.get(event.donor or 0)
    is_cash = event.method is Method.CASH
    instalment = state.instalment_of(event)
    return IncomingPayment(
        amount_satang=event.satang,
        received_on=event.received_on,
        method=event.method,
        asset_account_code=chart.CASH_ON_HAND if is_cash else bank_of(event.fund).account_code,
        donor_id=donor.id if donor else None,
        instalment_reference=instalment.reference if instalment else None,
        fund_code=event.fund,
        is_anonymous=event.is_anonymous,
        external_ref=f"demo:{event.payment}",
        note=event.note,
        payer_name=event.payer_name,
    )


def payment_reversed(state: DemoState, event: PaymentReversed) -> None:
    """A payment recorded twice is reversed; one matched wrongly is recorded as a gift instead."""
    officer = state.people.officer(event.payment)
    line = state.lines.get(event.payment)
    if line is None:
        reverse_payment(state.payments[event.payment], reason=event.reason, actor=officer)
        return
    unmatch_line(line, reason=event.reason, actor=officer)
    fund = state.funds_of_lines[event.payment]
    record_as_gift(line, fund_code=fund, is_anonymous=True, actor=officer)
