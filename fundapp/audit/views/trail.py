"""The trail: who did what to which thing, and when."""

from collections.abc import Iterable, Mapping

from flask import render_template, request

from fundapp.access.marks import fresh_factor_for_file, requires
from fundapp.access.permissions import Permission, Process
from fundapp.audit.forms import TrailFilter
from fundapp.audit.labels import event_text
from fundapp.audit.views.blueprint import blueprint, read_filter, refused
from fundapp.audit.views.journal import PAGE_SIZE, Page
from fundapp.clock import iso
from fundapp.csv_safety import Cell
from fundapp.identity.queries import find_people, names_of
from fundapp.paging import int_key
from fundapp.trail.models import AuditEvent
from fundapp.trail.queries import Span, search_events
from fundapp.web.downloads import csv_download, wants_csv

MOST_CSV_EVENTS = 20_000
_HEADER = ("at", "who", "name", "action", "thing", "number", "note", "changes")


@blueprint.get("/trail")
@requires(Permission.TRAIL_READ)
@fresh_factor_for_file
def trail() -> Page:
    """What was done, newest first, by person, thing, kind and time."""
    form = read_filter(TrailFilter(request.args))
    if not form.validate():
        return refused("audit/trail.html", form)
    form.actors = _actors(form.person.data)
    page = search_events(
        Span(*form.bounds),
        actors=form.actors if form.person.data else None,
        subject=(form.subject.data, form.subject_ref.data) if form.subject.data else None,
        action=form.action.data or None,
        after=int_key(request.args.get("after")),
        limit=MOST_CSV_EVENTS if wants_csv() else PAGE_SIZE,
    )
    names = names_of(event.actor for event in page.rows)
    if wants_csv():
        return csv_download("trail", _HEADER, list(_cells(page.rows, names)))
    return render_template("audit/trail.html", form=form, page=page, names=names)


def _actors(text: str) -> list[str]:
    """Whom a name, an e-mail address, a public id or the name of a process means."""
    processes = [name for name in map(str, Process) if name == text.lower()]
    return [*processes, *find_people(text)] if text else []


def _cells(events: Iterable[AuditEvent], names: Mapping[str, str]) -> Iterable[tuple[Cell, ...]]:
    for event in events:
        changes = (f"{name}: {before} → {after}" for name, (before, after) in event.changes.items())
        yield (
            iso(event.at),
            event.actor,
            names.get(event.actor, ""),
            event_text(event.action),
            event.subject_type,
            event.subject_ref,
            event.note,
            "; ".join(changes),
        )
