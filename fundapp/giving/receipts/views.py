"""The page of a receipt, for whoever has its code."""

from flask import render_template

from fundapp.access.marks import public
from fundapp.giving import queries
from fundapp.giving.views.blueprint import blueprint
from fundapp.thai.baht_words import baht_in_words
from fundapp.web.limits import give_try_back, take_try, visitor


@blueprint.get("/receipts/<code>")
@public
def receipt(code: str) -> str:
    """The receipt as a sheet to print; only codes that do not exist count against the limit."""
    take_try("LIMIT_RECEIPT", visitor())
    detail = queries.get_receipt_detail(code)
    give_try_back("LIMIT_RECEIPT", visitor())
    return render_template(
        "giving/receipt.html",
        detail=detail,
        receipt=detail.receipt,
        words=baht_in_words(detail.receipt.amount_satang),
    )
