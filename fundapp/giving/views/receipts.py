"""Receipts, open to whoever holds their code."""

from flask import Response, render_template
from werkzeug.wrappers import Response as AnyResponse

from fundapp.giving import queries
from fundapp.giving.views.blueprint import blueprint
from fundapp.giving.views.pledges import private
from fundapp.identity.access import public
from fundapp.thai.baht_words import baht_in_words
from fundapp.web.limits import limiter, setting


def _is_guess(response: AnyResponse) -> bool:
    return response.status_code == 404


@blueprint.get("/receipts/<code>")
@limiter.limit(lambda: setting("LIMIT_RECEIPT"), deduct_when=_is_guess)
@public
def receipt(code: str) -> Response:
    """The receipt as a sheet to print."""
    detail = queries.open_receipt(code)
    page = render_template(
        "giving/receipt.html",
        detail=detail,
        receipt=detail.receipt,
        words=baht_in_words(detail.receipt.amount_satang),
    )
    return private(Response(page))
