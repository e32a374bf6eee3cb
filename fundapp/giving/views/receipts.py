"""Receipts, open to whoever holds their code."""

from flask import Response, render_template

from fundapp.giving import queries
from fundapp.giving.views.blueprint import blueprint
from fundapp.giving.views.pledges import private
from fundapp.identity.access import public
from fundapp.thai.baht_words import baht_in_words


@blueprint.get("/receipts/<code>")
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
