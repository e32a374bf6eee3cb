"""The gifts that the office enters in the e-Donation system of the Revenue Department."""

from collections.abc import Iterator

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.csv_safety import Cell, baht_cell
from fundapp.giving.models import EDonationEntry, EDonationState
from fundapp.giving.policy import may_enter_e_donations
from fundapp.giving.receipts import operations, queries
from fundapp.giving.receipts.forms import EDonationFilter, EDonationForm
from fundapp.giving.receipts.reader import open_content
from fundapp.giving.views.blueprint import blueprint
from fundapp.identity.queries import names_of
from fundapp.web.downloads import csv_download, xlsx_download
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit

#: The columns of the files, for entry by hand: the Revenue Department publishes no format.
HEADER = (
    "receipt", "donor_name", "tax_id", "amount_baht", "received_on", "state", "number", "is_void",
)  # fmt: skip
MOST_ROWS = 20_000


@blueprint.get("/e-donations")
@requires(Permission.PAYMENT_READ)
def e_donations() -> tuple[str, int]:
    """What is to be entered, the oldest first; or what was."""
    form = EDonationFilter(request.args)
    is_valid, state = form.validate(), _state()
    page = queries.list_e_donations(state, after=request.args.get("after"))
    body = render_template(
        "giving/e_donations.html",
        form=form,
        page=page,
        state=state,
        tax_ids={entry.receipt_id: _tax_id(entry) for entry in page.rows},
        names=names_of(entry.marked_by for entry in page.rows),
        may_enter=may_enter_e_donations(current_actor()),
    )
    return body, 200 if is_valid else 422


@blueprint.get("/e-donations/<code>")
@requires(Permission.PAYMENT_RECORD)
def e_donation(code: str) -> str:
    """The form for the number of one gift."""
    return _form_page(code, EDonationForm(formdata=None))


@blueprint.post("/e-donations/<code>")
@requires(Permission.PAYMENT_RECORD)
def enter_e_donation(code: str) -> Answer:
    """Note the number under which a gift is in e-Donation."""
    form, actor = EDonationForm(), current_actor()
    return submit(
        form,
        lambda: operations.mark_entered(code, number=form.number.data, actor=actor),
        done=lambda _entry: _noted(code),
        page=lambda: _form_page(code, form),
    )


@blueprint.post("/e-donations/<code>/leave-out")
@requires(Permission.PAYMENT_RECORD)
def leave_out_of_e_donation(code: str) -> Answer:
    """Note that a gift need not be entered."""
    actor = current_actor()
    return submit(
        ButtonForm(),
        lambda: operations.mark_not_needed(code, actor=actor),
        done=lambda _entry: _noted(code),
        page=lambda: _form_page(code, EDonationForm(formdata=None)),
    )


@blueprint.get("/e-donations.csv")
@requires(Permission.PAYMENT_READ)
@fresh_factor
def e_donations_csv() -> Response:
    """The list as CSV."""
    return csv_download("e-donations", HEADER, _cells(_state()))


@blueprint.get("/e-donations.xlsx")
@requires(Permission.PAYMENT_READ)
@fresh_factor
def e_donations_xlsx() -> Response:
    """The list as a spreadsheet: numbers are numbers, and no text is ever a formula."""
    return xlsx_download("e-donations", HEADER, _cells(_state()))


def _state() -> EDonationState:
    form = EDonationFilter(request.args)
    chosen = form.status.member if form.validate() else None
    return chosen or EDonationState.TO_ENTER


def _noted(code: str) -> Answer:
    label = queries.get_receipt(code).label
    return redirect_with(
        _("It is noted for receipt %(number)s.", number=label), url_for("giving.e_donations")
    )


def _form_page(code: str, form: EDonationForm) -> str:
    entry = queries.get_e_donation(code)
    return render_template("giving/e_donation.html", form=form, entry=entry, tax_id=_tax_id(entry))


def _cells(state: EDonationState) -> Iterator[list[Cell]]:
    page = queries.list_e_donations(state, limit=MOST_ROWS)
    for entry in page.rows:
        receipt = entry.receipt
        yield [
            receipt.label,
            receipt.donor_name,
            _tax_id(entry),
            baht_cell(receipt.amount_satang),
            receipt.received_on.isoformat(),
            str(entry.state),
            entry.number,
            "void" if receipt.voided_at else "",
        ]


def _tax_id(entry: EDonationEntry) -> str:
    content = open_content(entry.receipt)
    return content["payer"]["tax_id"] if content else ""
