"""Carries out the plan: each event by its operation, at its instant, in one unit of work.

A load that is interrupted leaves the database as empty as it was.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy import select

from demo.dates import noon
from demo.donors import SIGNED_IN_DONOR
from demo.gathered_payments import gather_payments
from demo.handlers import handle
from demo.handlers.agencies import refer_children
from demo.handlers.aid_plans import pay_in_instalments
from demo.handlers.callbacks import call_payees, set_receipt_rules_of_help
from demo.handlers.casework import write_casework
from demo.handlers.committee import hold_meeting, set_rule
from demo.handlers.grants import decide_money
from demo.handlers.handovers import hand_children_over
from demo.handlers.help_rules import set_rules_of_help
from demo.handlers.money_back import refund_gifts, send_slips
from demo.handlers.office import set_up_books
from demo.handlers.payouts import pay_a_batch
from demo.handlers.programmes import write_phases
from demo.handlers.vendors import pay_a_vendor
from demo.people import SignIn, create_users
from demo.plan import DemoPlan
from demo.state import DemoState
from fundapp import clock
from fundapp.db import db
from fundapp.giving.models import Donor
from fundapp.giving.operations import connect_donor
from fundapp.identity.models import User
from fundapp.ledger.models import Fund


def is_empty() -> bool:
    """Whether the database has no user, fund or donor yet."""
    tables = (User, Fund, Donor)
    return all(db.session.scalar(select(table).limit(1)) is None for table in tables)


def replay(
    plan: DemoPlan, passwords: Mapping[str, str], progress: Callable[[int], None]
) -> tuple[DemoState, list[SignIn]]:
    """Carry out the plan in the caller's unit of work; ``progress`` is told how many events
    were carried out.

    ``passwords`` are those of the users, by e-mail address.
    """
    with clock.at(noon(plan.span.first) - timedelta(hours=5)):
        people, sign_ins = create_users(passwords)
        state = DemoState(plan, people)
        set_up_books(state)
        set_rule(state)
        set_receipt_rules_of_help(state)
        state.load_reference_rows()
    for at, events in gather_payments(plan.events):
        with clock.at(at):
            handle(state, events)
        progress(len(events))
    with clock.at(noon(plan.span.last)):
        decide_money(state)
        send_slips(state)
        refund_gifts(state)
        write_casework(state)
        hold_meeting(state)
        pay_a_batch(state)
        pay_in_instalments(state)
        set_rules_of_help(state)
        write_phases(state)
        hand_children_over(state)
        refer_children(state)
        call_payees(state)
        pay_a_vendor(state)
    users = state.people.users
    connect_donor(
        state.donors[SIGNED_IN_DONOR].public_id,
        email=users["donor"].email,
        actor=users["officer"].as_actor(),
    )
    return state, sign_ins
