"""The page of the council."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.agencies.queries import FileNeed
from fundapp.children.models import TargetGroup
from fundapp.children.suppression import SMALLEST_SHOWN, TOTAL
from fundapp.council.queries import CouncilView, read_newest
from fundapp.csv_safety import Cell
from fundapp.disbursements.models import Need
from fundapp.places.queries import list_districts
from fundapp.web.downloads import csv_download, wants_csv

blueprint = Blueprint("council", __name__)


@blueprint.get("/council")
@requires(Permission.COUNCIL_READ)
def index() -> ResponseReturnValue:
    """Coverage by district, group and need; waiting; shares. Of the twelve months before."""
    view = read_newest(actor=current_actor())
    if view is not None and wants_csv():
        return _csv(view)
    return render_template(
        "council/index.html",
        view=view,
        districts=list_districts(),
        groups=list(TargetGroup),
        needs=list(Need),
        gap_needs=[*Need, *FileNeed],
        total=TOTAL,
        smallest=SMALLEST_SHOWN,
    )


def _csv(view: CouncilView) -> ResponseReturnValue:
    """Every figure with its codes; an empty cell is withheld."""
    rows: list[list[Cell]] = [
        [kind.value, _(kind.label), district, column, value]
        for kind, figures in view.figures.items()
        for (district, column), value in sorted(figures.items())
    ]
    header = ["kind", "tells", "district", "group_or_need", "value"]
    return csv_download(f"council-{view.report.day.isoformat()}", header, rows)
