"""The public home page."""

from flask import Blueprint, current_app, render_template, request, session
from flask_babel import format_date
from flask_login import current_user

from fundapp import clock
from fundapp.access.marks import public
from fundapp.thai.calendar import THAI_MONTHS_SHORT, be_year
from fundapp.transparency import queries
from fundapp.transparency.district_outlines import district_outlines
from fundapp.transparency.page_cache import PageCache
from fundapp.web.locale import locale_code

blueprint = Blueprint("transparency", __name__)


@blueprint.get("/")
@public
def home() -> str:
    """What the fund is, and how much was received, spent and is in hand."""
    if not _is_the_same_for_everybody():
        return _home()
    cache: PageCache = current_app.extensions.setdefault("page_cache", PageCache())
    version = (clock.today(), queries.last_entry_id())
    return cache.get(("home", locale_code()), version, _home)


def _is_the_same_for_everybody() -> bool:
    """Whether the page shows nothing of this visitor: no sign-in, no flashed message, no query."""
    return not (request.args or session or current_user.is_authenticated)


def _home() -> str:
    return render_template(
        "transparency/home.html",
        overview=queries.overview(clock.today()),
        outlines=district_outlines(),
        month_label=_month_label,
    )


def _month_label(month: queries.Month) -> str:
    """``ต.ค. 69`` in Thai, ``Oct 26`` otherwise."""
    day = month.starts_on
    if locale_code() == "th":
        return f"{THAI_MONTHS_SHORT[day.month - 1]} {be_year(day.year) % 100:02d}"
    return str(format_date(day, "MMM yy"))
