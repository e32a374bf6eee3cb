"""The office's register of receipts, and the details that a donor wants on them."""

from flask import render_template, request, url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.errors import NotFoundError
from fundapp.giving.models import Donor
from fundapp.giving.queries import find_donor
from fundapp.giving.receipts import operations, queries
from fundapp.giving.receipts.forms import RegisterFilter, TaxDetailsForm
from fundapp.giving.receipts.reader import find_details
from fundapp.giving.views.blueprint import blueprint
from fundapp.thai.calendar import fiscal_year_be
from fundapp.web.forms import Answer, redirect_with, submit


@blueprint.get("/receipts")
@requires(Permission.PAYMENT_READ)
def receipts() -> tuple[str, int]:
    """The receipts of a fiscal year, the last number first."""
    this_year = fiscal_year_be(clock.today())
    form = RegisterFilter(request.args)
    form.offer(sorted({this_year, *queries.list_years()}, reverse=True))
    is_valid = form.validate()
    year = int(form.year.data) if is_valid and form.year.data else this_year
    state = form.status.member if is_valid else None
    page = queries.list_register(year, state, after=request.args.get("after"))
    body = render_template(
        "giving/receipts.html",
        form=form,
        page=page,
        year=year,
        summary=queries.get_summary(year),
    )
    return body, 200 if is_valid else 422


@blueprint.get("/donors/<public_id>/tax-details")
@requires(Permission.PAYMENT_RECORD)
def tax_details(public_id: str) -> str:
    """The form of what receipts of the donor carry beside the name; of a donor that was merged,
    what those of the file carry that it was merged into.
    """
    known = find_details(_donor(public_id))
    data = {"address": known.address, "tax_id": known.tax_id}
    return _details_page(public_id, TaxDetailsForm(formdata=None, data=data))


@blueprint.post("/donors/<public_id>/tax-details")
@requires(Permission.PAYMENT_RECORD)
def set_tax_details(public_id: str) -> Answer:
    """Let later receipts carry them."""
    form, actor = TaxDetailsForm(), current_actor()
    return submit(
        form,
        lambda: operations.set_tax_details(
            public_id, address=form.address.data, tax_id=form.tax_id.data or "", actor=actor
        ),
        done=lambda _nothing: redirect_with(
            _("Receipts that are issued from now on carry this address and tax number."),
            url_for("giving.donor", public_id=public_id),
        ),
        page=lambda: _details_page(public_id, form),
    )


def _details_page(public_id: str, form: TaxDetailsForm) -> str:
    return render_template("giving/tax_details.html", donor=_donor(public_id), form=form)


def _donor(public_id: str) -> Donor:
    donor = find_donor(public_id)
    if donor is None or donor.is_unknown:
        raise NotFoundError
    return donor
