"""The public home page, and every published figure as a file."""

from collections.abc import Callable, Sequence

from flask import Response, render_template

from fundapp import clock
from fundapp.access.marks import public
from fundapp.transparency import queries
from fundapp.transparency.district_outlines import district_outlines
from fundapp.transparency.exports import figures_csv, figures_json
from fundapp.transparency.rises import MONTHS_OF_WAITING, K
from fundapp.transparency.views.blueprint import blueprint
from fundapp.web.filters import month_short
from fundapp.web.public_pages import public_page
from fundapp.web.remembered_pages import Draft


@blueprint.get("/")
@public
def home() -> Response:
    """What the fund is, how much came in, and what is published of the help that was paid."""
    return public_page(queries.books_version, lambda: Draft(_home()))


@blueprint.get("/figures.json")
@public
def figures_as_json() -> Response:
    """Every published month with its digest."""
    return _file("application/json", figures_json)


@blueprint.get("/figures.csv")
@public
def figures_as_csv() -> Response:
    """Every published figure, for a spreadsheet."""
    return _file("text/csv", figures_csv)


def _file(media_type: str, make: Callable[[Sequence[queries.Published]], str]) -> Response:
    return public_page(
        queries.last_published_month,
        lambda: Draft(make(queries.list_published())),
        media_type=media_type,
    )


def _home() -> str:
    return render_template(
        "transparency/home.html",
        overview=queries.overview(clock.today()),
        outlines=district_outlines(),
        month_label=_month_label,
        most_hidden=K,
        months_of_waiting=MONTHS_OF_WAITING,
    )


def _month_label(month: queries.Month) -> str:
    return month_short(month.starts_on)
