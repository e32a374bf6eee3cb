"""Who read what names a child: one child, for its guardian, or all in one's districts."""

from flask import Response, render_template, request

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor_for_file, requires
from fundapp.access.permissions import Permission
from fundapp.children import operations, queries
from fundapp.children.forms import ReadsFilter
from fundapp.children.views.blueprint import blueprint
from fundapp.clock import iso
from fundapp.csv_safety import Cell
from fundapp.db import unit_of_reading
from fundapp.identity.queries import find_people
from fundapp.paging import int_key
from fundapp.trail.queries import Span
from fundapp.web.downloads import csv_download, wants_csv
from fundapp.web.forms import DaysFilter

PAGE_SIZE = 100
MOST_CSV_READS = 20_000


@blueprint.get("/children/<public_id>/reads")
@requires(Permission.CHILD_READ)
def child_reads(public_id: str) -> str | tuple[str, int]:
    """Everybody who read what names one child, for the guardian to take along."""
    form, actor = DaysFilter(request.args), current_actor()
    child = queries.get_child(public_id, viewer=actor)
    page = None
    if form.validate():
        unit_of_reading(operations.record_reads_opened, child.public_id, actor=actor)
        page = queries.list_reads(Span(*form.bounds), child=child, after=_after(), limit=PAGE_SIZE)
    text = render_template("children/reads.html", form=form, child=child, page=page)
    return text if page else (text, 422)


@blueprint.get("/children/reads")
@requires(Permission.CHILD_READS_LIST)
@fresh_factor_for_file
def reads() -> str | tuple[str, int] | Response:
    """Every read of the children in one's districts, by reader and time."""
    form, actor = ReadsFilter(request.args), current_actor()
    if not form.validate():
        return render_template("children/reads.html", form=form, child=None, page=None), 422
    is_file = wants_csv()
    unit_of_reading(operations.record_reads_opened, "", actor=actor)
    page = queries.search_reads(
        Span(*form.bounds),
        viewer=actor,
        readers=find_people(form.person.data) if form.person.data else None,
        after=_after(),
        limit=MOST_CSV_READS if is_file else PAGE_SIZE,
    )
    if is_file:
        cells: list[tuple[Cell, ...]] = [
            (iso(row.at), row.reader_name, row.child.code, str(row.purpose)) for row in page.rows
        ]
        return csv_download("reads", ("at", "who", "child", "purpose"), cells)
    return render_template("children/reads.html", form=form, child=None, page=page)


def _after() -> int | None:
    return int_key(request.args.get("after"))
