"""Events of the trail as people read them: every kind is asked once for all events of a page."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from fundapp.access.actors import Actor
from fundapp.access.marks import access_of
from fundapp.access.permissions import Permission
from fundapp.audit.labels import note_text
from fundapp.trail.models import AuditEvent
from fundapp.trail.registry import Change, Thing, ThingKind, find_kind


@dataclass(frozen=True, slots=True)
class NamedEvent:
    """An event with the names of its kind and thing, its note and what it changed; ``url`` is the
    page of the thing, where there is one and the viewer may open it.
    """

    event: AuditEvent
    kind: str
    thing: str
    url: str | None
    note: str
    changes: Sequence[Change]


def name_events(events: Sequence[AuditEvent], *, viewer: Actor) -> list[NamedEvent]:
    """The events, in their order, as ``viewer`` may see them named."""
    grouped: dict[str, list[AuditEvent]] = defaultdict(list)
    for event in events:
        grouped[event.subject_type].append(event)
    named = {
        each.event.id: each
        for kind_name, of_kind in grouped.items()
        for each in _name(find_kind(kind_name), of_kind, viewer)
    }
    return [named[event.id] for event in events]


def page_url(endpoint: str, viewer: Actor, values: Mapping[str, Any]) -> str | None:
    """The address of a page that asks for a permission, where the viewer holds it."""
    permission = access_of(current_app, endpoint)
    if permission is None or not viewer.can(Permission(permission)):
        return None
    return url_for(endpoint, **values)


def _name(
    kind: ThingKind | None, events: Sequence[AuditEvent], viewer: Actor
) -> Iterable[NamedEvent]:
    """The events of one kind; of one that nobody registered with the words of the program."""
    if kind is None:
        return [
            NamedEvent(
                event,
                event.subject_type,
                event.subject_ref,
                None,
                event.note,
                [(name, before, after) for name, (before, after) in event.changes.items()],
            )
            for event in events
        ]
    found = kind.find({event.subject_ref for event in events if event.subject_ref}, viewer)
    notes, changes = kind.notes(events), kind.changes(events)
    return [
        NamedEvent(
            event,
            _(kind.label),
            found[event.subject_ref].name if event.subject_ref in found else event.subject_ref,
            _url(kind, found.get(event.subject_ref), viewer),
            note_text(notes.get(event.id, "")),
            changes.get(event.id, ()),
        )
        for event in events
    ]


def _url(kind: ThingKind, thing: Thing | None, viewer: Actor) -> str | None:
    if thing is None or not thing.key or not kind.endpoint:
        return None
    return page_url(kind.endpoint, viewer, {kind.argument: thing.key})
