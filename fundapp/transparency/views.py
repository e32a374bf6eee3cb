"""The public home page, and every published figure as a file."""

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, current_app, render_template, request, session
from flask_babel import format_date
from flask_login import current_user

from fundapp import clock
from fundapp.access.marks import public
from fundapp.thai.calendar import THAI_MONTHS_SHORT, be_year
from fundapp.transparency import queries
from fundapp.transparency.district_outlines import district_outlines
from fundapp.transparency.exports import figures_csv, figures_json
from fundapp.transparency.page_cache import PageCache
from fundapp.transparency.rises import MONTHS_OF_WAITING, K
from fundapp.web.locale import locale_code

blueprint = Blueprint("transparency", __name__)


@blueprint.get("/")
@public
def home() -> str:
    """What the fund is, how much came in, and what is published of the help that was paid."""
    if not _is_the_same_for_everybody():
        return _home()
    version = (clock.today(), queries.last_entry_id(), queries.last_published_month())
    return _cache().get(("home", locale_code()), version, _home)


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
    version = queries.last_published_month()
    text = _cache().get(media_type, version, lambda: make(queries.list_published()))
    return Response(text, content_type=f"{media_type}; charset=utf-8")


def _cache() -> PageCache:
    cache: PageCache = current_app.extensions.setdefault("page_cache", PageCache())
    return cache


def _is_the_same_for_everybody() -> bool:
    """Whether the page shows nothing of this visitor: no sign-in, no flashed message, no query."""
    return not (request.args or session or current_user.is_authenticated)


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
    """``ต.ค. 69`` in Thai, ``Oct 26`` otherwise."""
    day = month.starts_on
    if locale_code() == "th":
        return f"{THAI_MONTHS_SHORT[day.month - 1]} {be_year(day.year) % 100:02d}"
    return str(format_date(day, "MMM yy"))
