"""The trail: who did what to which thing, and when."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from flask import Response, render_template, request
from flask_babel import gettext

from fundapp.access.actors import Actor
from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor_for_file, requires
from fundapp.access.permissions import Permission
from fundapp.audit.forms import TrailFilter
from fundapp.audit.labels import event_text
from fundapp.audit.naming import NamedEvent, name_events, page_url
from fundapp.audit.views.blueprint import blueprint, read_filter, refused
from fundapp.clock import iso
from fundapp.csv_safety import Cell
from fundapp.identity.actor_names import PROCESSES, name_actors
from fundapp.identity.queries import find_people
from fundapp.paging import int_key
from fundapp.trail.models import AuditEvent
from fundapp.trail.queries import Span, search_events
from fundapp.trail.registry import find_kind, list_kinds
from fundapp.web.downloads import csv_download, wants_csv

PAGE_SIZE = 50
MOST_CSV_EVENTS = 20_000

Page = str | tuple[str, int] | Response
_HEADER = (
    "at", "who", "name", "action", "done", "thing", "number", "kind", "thing_name", "note",
    "changes",
)  # fmt: skip


@blueprint.get("/trail")
@requires(Permission.TRAIL_READ)
@fresh_factor_for_file
def trail() -> Page:
    """What was done, newest first, by person, thing, kind and time."""
    form, viewer = read_filter(TrailFilter(request.args)), current_actor()
    if not form.validate():
        return refused("audit/trail.html", form)
    form.actors = _actors(form.person.data)
    form.things = _things(form)
    page = search_events(
        Span(*form.bounds),
        actors=form.actors if form.person.data else None,
        kind=form.subject.data or None,
        things=form.things,
        action=form.action.data or None,
        after=int_key(request.args.get("after")),
        limit=MOST_CSV_EVENTS if wants_csv() else PAGE_SIZE,
    )
    if form.things is not None and not form.subject.data:
        form.things = _of_kinds(page.rows)
    events = name_events(page.rows, viewer=viewer)
    names = name_actors(event.actor for event in page.rows)
    if wants_csv():
        return csv_download("trail", _HEADER, list(_cells(events, names)))
    return render_template(
        "audit/trail.html",
        form=form,
        events=events,
        next_key=page.next_key,
        about=_about(form, viewer),
        names=names,
        person_url=lambda ref: _person_url(ref, viewer),
    )


def _person_url(ref: str, viewer: Actor) -> str | None:
    """The page of who acted; processes have none."""
    return None if ref in PROCESSES else page_url("identity.user", viewer, {"public_id": ref})


def _actors(text: str) -> list[str]:
    """Whom a name, an e-mail address, a public id or the name of a process means."""
    processes = [
        name for name, label in PROCESSES.items() if text.lower() in {str(name), str(label).lower()}
    ]
    return [*processes, *find_people(text)] if text else []


def _things(form: TrailFilter) -> Mapping[str, Collection[str]] | None:
    """Which things are asked for, by kind: of the chosen kind, or of every kind that knows what was
    typed; None for all things.
    """
    kind, text = find_kind(form.subject.data or ""), form.subject_ref.data
    if kind is not None and form.ref.data:
        return {kind.name: [form.ref.data]}
    if not text:
        return None
    return {each.name: list(each.search(text)) for each in ([kind] if kind else list_kinds())}


def _of_kinds(events: Iterable[AuditEvent]) -> Mapping[str, Collection[str]]:
    """The things of these events: what was typed alone may be anything, and is not kept."""
    found: dict[str, set[str]] = defaultdict(set)
    for event in events:
        found[event.subject_type].add(event.subject_ref)
    return found


def _about(form: TrailFilter, viewer: Actor) -> tuple[str, str] | None:
    """Kind and name of the one thing that a link asked for."""
    kind = find_kind(form.subject.data or "")
    if kind is None or not form.ref.data:
        return None
    thing = kind.find([form.ref.data], viewer).get(form.ref.data)
    return gettext(kind.label), thing.name if thing else form.ref.data


def _cells(events: Iterable[NamedEvent], names: Mapping[str, str]) -> Iterable[tuple[Cell, ...]]:
    for named in events:
        event = named.event
        changes = (f"{label}: {before} → {after}" for label, before, after in named.changes)
        yield (
            iso(event.at),
            event.actor,
            names.get(event.actor, ""),
            event.action,
            event_text(event.action),
            event.subject_type,
            event.subject_ref,
            named.kind,
            named.thing,
            named.note,
            "; ".join(changes),
        )
