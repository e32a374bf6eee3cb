"""The public home page."""

from flask import Blueprint, current_app, render_template, request, session
from flask_babel import format_date
from flask_login import current_user

from fundapp import clock
from fundapp.access.marks import public
from fundapp.thai.calendar import THAI_MONTHS_SHORT, be_year
from fundapp.transparency import queries
from fundapp.transparency.remembered import Remembered
from fundapp.transparency.shapes import district_shapes
from fundapp.web.locale import locale_code

blueprint = Blueprint("transparency", __name__)


@blueprint.get("/")
@public
def home() -> str:
    """What the fund is, what came in, what went out and what is in hand."""
    if not _is_everybodys():
        return _home()
    remembered: Remembered = current_app.extensions.setdefault("remembered_pages", Remembered())
    version = (clock.today(), queries.last_entry_id())
    return remembered.get(("home", locale_code()), version, _home)


def _is_everybodys() -> bool:
    """Whether the page holds nothing of this visitor: no sign-in, no message, no query."""
    return not (request.args or session or current_user.is_authenticated)


def _home() -> str:
    return render_template(
        "transparency/home.html",
        overview=queries.overview(clock.today()),
        shapes=district_shapes(),
        month_label=_month_label,
    )


def _month_label(month: queries.Month) -> str:
    """``ต.ค. 69`` in Thai, ``Oct 26`` otherwise."""
    first = month.starts_on
    if locale_code() == "th":
        return f"{THAI_MONTHS_SHORT[first.month - 1]} {be_year(first.year) % 100:02d}"
    return str(format_date(first, "MMM yy"))
