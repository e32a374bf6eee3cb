"""How each event is carried out: by the operation that its page uses."""

from collections.abc import Callable
from typing import Any

from demo.events import (
    CashMoved,
    ChildClosed,
    ChildRegistered,
    ConsentWithdrawn,
    DonorRegistered,
    DuplicateDecided,
    Event,
    EventHeld,
    FiguresPublished,
    HelpAudited,
    HelpDecided,
    HelpPaid,
    HelpRequested,
    MonthClosed,
    PaymentReceived,
    PaymentReversed,
    PledgeChanged,
    PledgeMade,
    ProofFiled,
    StatementImported,
)
from demo.handlers.audits import help_audited
from demo.handlers.children import (
    child_closed,
    child_registered,
    consent_withdrawn,
    duplicate_decided,
)
from demo.handlers.events import event_held
from demo.handlers.giving import (
    donor_registered,
    payment_reversed,
    payments_received,
    pledge_changed,
    pledge_made,
)
from demo.handlers.help_requests import help_decided, help_paid, help_requested, proof_filed
from demo.handlers.office import cash_moved, figures_published, month_closed
from demo.handlers.statements import statement_imported
from demo.state import DemoState

_HANDLERS: dict[type[Event], Callable[[DemoState, Any], None]] = {
    DonorRegistered: donor_registered,
    PledgeMade: pledge_made,
    PledgeChanged: pledge_changed,
    PaymentReversed: payment_reversed,
    CashMoved: cash_moved,
    EventHeld: event_held,
    StatementImported: statement_imported,
    MonthClosed: month_closed,
    FiguresPublished: figures_published,
    ChildRegistered: child_registered,
    ConsentWithdrawn: consent_withdrawn,
    ChildClosed: child_closed,
    DuplicateDecided: duplicate_decided,
    HelpRequested: help_requested,
    HelpDecided: help_decided,
    HelpPaid: help_paid,
    ProofFiled: proof_filed,
    HelpAudited: help_audited,
}


def handle(state: DemoState, events: list[Event] | list[PaymentReceived]) -> None:
    """Carry out one event, or payments that are recorded together, at the present instant of the
    clock.
    """
    payments = [event for event in events if isinstance(event, PaymentReceived)]
    if payments:
        payments_received(state, payments)
    for event in events[len(payments) :]:
        _HANDLERS[type(event)](state, event)
