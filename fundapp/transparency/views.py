"""The public home page, every published figure as a file, and what gifts became."""

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import public
from fundapp.giving.queries import get_pledge, list_pledge_receipts
from fundapp.giving.receipts.keys import is_owner_key
from fundapp.giving.receipts.queries import get_receipt, is_owner
from fundapp.ledger.queries import list_funds
from fundapp.places.queries import list_districts
from fundapp.thai.calendar import THAI_MONTHS_SHORT, be_year
from fundapp.transparency import queries
from fundapp.transparency.district_outlines import district_outlines
from fundapp.transparency.exports import figures_csv, figures_json
from fundapp.transparency.rises import MONTHS_OF_WAITING, K
from fundapp.web.filters import month
from fundapp.web.limits import give_try_back, take_try, visitor
from fundapp.web.locale import locale_code
from fundapp.web.public_pages import public_page
from fundapp.web.remembered_pages import Draft

blueprint = Blueprint("transparency", __name__)


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


@blueprint.get("/became")
@public
def progress() -> Response:
    """How far the money of each fund has become help, by month."""
    return public_page(queries.books_version, lambda: Draft(_progress()))


@blueprint.get("/receipts/<code>/became")
@public
def receipt_became(code: str) -> str:
    """What the money of a receipt became: for its owner by kind and district, for anybody else
    without them.
    """
    take_try("LIMIT_RECEIPT", visitor())
    receipt = get_receipt(code)
    give_try_back("LIMIT_RECEIPT", visitor())
    key = request.args.get("key", "")
    is_own = is_owner_key(receipt.code, key) or is_owner(receipt, current_actor())
    return _became(
        [] if receipt.voided_at else [receipt.payment.journal_entry_id],
        title=_("Receipt %(number)s", number=receipt.label),
        back=url_for("giving.receipt", code=receipt.code, key=key or None),
        is_own=is_own,
    )


@blueprint.get("/pledges/<token>/became")
@public
def pledge_became(token: str) -> str:
    """What all that was paid of a pledge became, for whoever has its address."""
    pledge = get_pledge(token)
    receipts = list_pledge_receipts(pledge.id)
    return _became(
        [receipt.payment.journal_entry_id for receipt in receipts if not receipt.voided_at],
        title=_("Pledge %(reference)s", reference=pledge.instalments[0].reference)
        if pledge.instalments
        else _("Pledge"),
        back=url_for("giving.pledge", token=token),
        is_own=True,
    )


def _progress() -> str:
    return render_template(
        "transparency/progress.html",
        progress=queries.read_progress(),
        until=queries.last_published_day(),
        month=month,
    )


def _became(entry_ids: Sequence[int], *, title: str, back: str, is_own: bool) -> str:
    return render_template(
        "transparency/became.html",
        became=queries.read_became(entry_ids),
        title=title,
        back=back,
        is_own=is_own,
        funds={fund.code: fund for fund in list_funds()},
        districts={district.code: district for district in list_districts()},
        until=queries.last_published_day(),
    )


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
    """``ต.ค. 69`` in Thai, ``Oct 26`` otherwise."""
    day = month.starts_on
    if locale_code() == "th":
        return f"{THAI_MONTHS_SHORT[day.month - 1]} {be_year(day.year) % 100:02d}"
    return str(format_date(day, "MMM yy"))
