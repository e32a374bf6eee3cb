"""Checking a receipt by its code: genuine, received, in the signed log, what it became."""

import re

from flask import render_template, request

from fundapp.access.marks import public
from fundapp.giving.models import Receipt
from fundapp.giving.receipts.queries import find_receipt
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.log.queries import prove_inclusion
from fundapp.ledger.queries import list_funds
from fundapp.transparency import queries
from fundapp.transparency.forms import ReceiptCheckForm
from fundapp.transparency.views.blueprint import blueprint
from fundapp.web.limits import give_try_back, take_try, visitor

_IN_ADDRESS = re.compile(r"/receipts/([^/?#]+)")


@blueprint.get("/receipt-check")
@public
def receipt_check() -> str | tuple[str, int]:
    """The form for the code of a receipt, and what is known of the receipt with that code."""
    form = ReceiptCheckForm(request.args)
    code = _code_in(form.code.data or "")
    if not code:
        return render_template("transparency/receipt_check.html", form=form, code="", receipt=None)
    receipt = _receipt(code)
    if receipt is None:
        unknown = {"form": form, "code": code, "receipt": None}
        return render_template("transparency/receipt_check.html", **unknown), 404
    return _page(form, receipt)


def _page(form: ReceiptCheckForm, receipt: Receipt) -> str:
    entry_id = receipt.payment.journal_entry_id
    return render_template(
        "transparency/receipt_check.html",
        form=form,
        code=receipt.code,
        receipt=receipt,
        entry_number=entry_number(entry_id),
        proof=prove_inclusion(entry_id),
        became=[] if receipt.voided_at else queries.read_became([entry_id]),
        funds={fund.code: fund for fund in list_funds()},
        until=queries.last_published_day(),
    )


def _receipt(code: str) -> Receipt | None:
    """The receipt; only codes that do not exist count against the limit."""
    take_try("LIMIT_RECEIPT", visitor())
    receipt = find_receipt(code)
    if receipt is not None:
        give_try_back("LIMIT_RECEIPT", visitor())
    return receipt


def _code_in(text: str) -> str:
    """The code that was typed, or that stands in an address of a receipt's page."""
    match = _IN_ADDRESS.search(text)
    return (match[1] if match else text).strip()
