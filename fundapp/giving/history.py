"""What happened to a pledge, as its donor and the office read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from fundapp.access.actors import VISITOR
from fundapp.giving.models import Pledge
from fundapp.giving.things import PledgeThing
from fundapp.identity.queries import names_of, public_ids_of
from fundapp.markers import N_
from fundapp.remarks.encryption import digest_in
from fundapp.remarks.reader import ShownWords, WordsReader
from fundapp.trail.models import AuditEvent
from fundapp.trail.queries import list_events

#: What is told of a pledge; that an open-ended one got its next parts is not.
_TOLD: Mapping[str, str] = {
    "giving:pledge:make": N_("Pledge made"),
    "giving:pledge:confirm": N_("Pledge confirmed from the mailbox"),
    "giving:pledge:file-paper": N_("Signed paper filed"),
    "giving:pledge:change": N_("Pledge changed"),
    "giving:pledge:pause": N_("Pledge paused"),
    "giving:pledge:resume": N_("Pledge resumed"),
    "giving:pledge:cancel": N_("Pledge cancelled"),
    "giving:pledge:write-off": N_("Part written off"),
    "giving:pledge:take-back": N_("Part that was written off opened again"),
    "giving:pledge:hide-name": N_("Name left out from now on"),
    "giving:pledge:show-name": N_("Name shown from now on"),
}
_MOST = 50


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One thing that happened: what, who did it, the values before and after by their names, and
    the reason where the viewer may read it.
    """

    at: datetime
    title: str
    by: str
    changes: tuple[tuple[str, str, str], ...]
    reason: ShownWords | None = None


def history_for_donor(pledge: Pledge) -> list[HistoryRow]:
    """Without names of the people of the office, and without their words."""
    owner = pledge.donor.user_id
    own = {VISITOR.ref, *(public_ids_of([owner]) if owner is not None else ())}
    return [
        _row(event, gettext("by you") if event.actor in own else gettext("by the office"))
        for event in _events(pledge)
    ]


def history_for_office(pledge: Pledge, reader: WordsReader) -> list[HistoryRow]:
    """With who of the office did it, and why."""
    events = _events(pledge)
    names = names_of(event.actor for event in events)
    digests = {event.id: digest_in(event.note) for event in events}
    words = reader.by_digest(digests.values())
    names[VISITOR.ref] = gettext("by the donor")
    return [
        _row(event, names.get(event.actor, event.actor), words.get(digests[event.id] or b""))
        for event in events
    ]


def _events(pledge: Pledge) -> list[AuditEvent]:
    return list_events("pledge", str(pledge.id), limit=_MOST, actions=_TOLD.keys())


def _row(event: AuditEvent, by: str, reason: ShownWords | None = None) -> HistoryRow:
    kind = PledgeThing()
    changes = tuple(
        (gettext(kind.fields[name]), kind.value(name, before), kind.value(name, after))
        for name, (before, after) in (event.changes or {}).items()
        if name in kind.fields
    )
    return HistoryRow(event.at, gettext(_TOLD[event.action]), by, changes, reason)
