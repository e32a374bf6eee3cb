"""Payments that an officer records together (pure).

Somebody who has several slips on the table enters them one after the other. The load does the same
by one call of the operation, which writes many payments with few statements.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from demo.events import (
    ChildClosed,
    ChildRegistered,
    ConsentWithdrawn,
    DonorRegistered,
    DuplicateDecided,
    Event,
    HelpRequested,
    PaymentReceived,
    PledgeMade,
    ProofFiled,
)
from fundapp.clock import local_day

#: What happens the same whether a payment is recorded before it or a little later.
_NEED_NO_PAYMENT = (
    ChildClosed,
    ChildRegistered,
    ConsentWithdrawn,
    DonorRegistered,
    DuplicateDecided,
    HelpRequested,
    PledgeMade,
    ProofFiled,
)

#: When something is carried out, and what: one event, or payments recorded together.
Step = tuple[datetime, list[Event] | list[PaymentReceived]]


def gather_payments(events: Iterable[Event]) -> Iterator[Step]:
    """The events in their order, payments of a day together: recorded before anything that needs
    them, before the next payment of the same pledge, and on their own day. Every step is at the
    instant of the last event before it, so time never goes back.
    """
    waiting: list[PaymentReceived] = []
    last_at: datetime | None = None
    for event in events:
        if waiting and last_at is not None and not _may_wait(waiting, event):
            yield last_at, waiting
            waiting = []
        last_at = event.at
        if isinstance(event, PaymentReceived):
            waiting.append(event)
        else:
            yield event.at, [event]
    if waiting and last_at is not None:
        yield last_at, waiting


def _may_wait(waiting: list[PaymentReceived], event: Event) -> bool:
    if local_day(event.at) != local_day(waiting[0].at):
        return False
    if isinstance(event, PaymentReceived):
        return event.pledge is None or event.pledge not in {one.pledge for one in waiting}
    return isinstance(event, _NEED_NO_PAYMENT)
