"""Receipts, open to whoever holds their code."""

from flask import Response, render_template

from fundapp.access.marks import public
from fundapp.giving import queries
from fundapp.giving.views.blueprint import blueprint
from fundapp.giving.views.pledges import private
from fundapp.thai.baht_words import baht_in_words
from fundapp.web.limits import give_try_back, take_try, visitor


@blueprint.get("/receipts/<code>")
@public
def receipt(code: str) -> Response:
    """The receipt as a sheet to print; only guesses are counted."""
    take_try("LIMIT_RECEIPT", visitor())
    detail = queries.open_receipt(code)
    give_try_back("LIMIT_RECEIPT", visitor())
    page = render_template(
        "giving/receipt.html",
        detail=detail,
        receipt=detail.receipt,
        words=baht_in_words(detail.receipt.amount_satang),
    )
    return private(Response(page))
