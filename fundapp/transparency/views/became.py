"""What gifts became: of a receipt, of a pledge, and of each fund by month."""

from collections.abc import Sequence

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import public
from fundapp.giving.queries import get_pledge, list_pledge_receipts
from fundapp.giving.receipts.keys import is_owner_key
from fundapp.giving.receipts.queries import get_receipt, is_owner
from fundapp.ledger.queries import list_funds
from fundapp.places.queries import list_districts
from fundapp.transparency import queries
from fundapp.transparency.views.blueprint import blueprint
from fundapp.web.filters import month
from fundapp.web.limits import give_try_back, take_try, visitor
from fundapp.web.public_pages import public_page
from fundapp.web.remembered_pages import Draft


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
