"""What LINE tells is stored first, and then done, each in a unit of work of its own."""

import logging
from collections.abc import Iterable

from fundapp.access.actors import LINE
from fundapp.db import unit_of_work
from fundapp.giving.channels.operations import handle_event, store_event
from fundapp.giving.channels.queries import list_waiting_events
from fundapp.mail.line import LineEvent

logger = logging.getLogger(__name__)


def take_events(events: Iterable[LineEvent]) -> None:
    """Store what LINE told and do it; what fails is done by the worker later."""
    stored = [each.event_id for each in events if unit_of_work(store_event, each, actor=LINE)]
    _handle(stored)


def handle_waiting_events() -> None:
    """Do what was stored and could not be done."""
    _handle(unit_of_work(list_waiting_events))


def _handle(event_ids: Iterable[str]) -> None:
    for event_id in event_ids:
        try:
            unit_of_work(handle_event, event_id, actor=LINE)
        except Exception:
            logger.exception("what LINE told could not be done")
