"""Slips that donors sent: those that wait, and each beside the lines of the bank."""

from flask import Response, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.banking.matching import queries
from fundapp.banking.views.blueprint import blueprint, page
from fundapp.documents.serving import document_response
from fundapp.giving.reader import file_of, trans_ref_of
from fundapp.giving.slips import operations
from fundapp.giving.slips.forms import RejectSlipForm
from fundapp.giving.slips.queries import (
    find_twins,
    get_slip,
    list_payments_for,
    list_waiting_slips,
)
from fundapp.identity.actor_names import name_actors
from fundapp.paging import int_key
from fundapp.thai.banks import banks
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit


@blueprint.get("/slips")
@requires(Permission.STATEMENT_READ)
def slips() -> str:
    """Slips that wait for the bank, the oldest first."""
    rows = list_waiting_slips(after=int_key(request.args.get("after")) or 0)
    return page("slips", rows=rows, twins=find_twins(rows.rows))


@blueprint.get("/slips/<public_id>")
@requires(Permission.STATEMENT_READ)
def slip(public_id: str) -> str:
    """One slip, and what of the bank and the books it may be of."""
    return _page(public_id)


@blueprint.get("/slips/<public_id>/file")
@requires(Permission.STATEMENT_READ)
def slip_file(public_id: str) -> Response:
    """The picture or PDF."""
    slip = get_slip(public_id)
    return document_response(slip.document, file_of(slip))


@blueprint.post("/slips/<public_id>/reject")
@requires(Permission.STATEMENT_MATCH)
def reject_slip(public_id: str) -> Answer:
    """Say that no money came for it."""
    form, actor = RejectSlipForm(), current_actor()
    return submit(
        form,
        lambda: operations.reject_slip(public_id, form.rejection.value, actor=actor),
        done=lambda _slip: redirect_with(
            _("The slip is not accepted; the donor is told why."), url_for("banking.slips")
        ),
        page=lambda: _page(public_id, form),
    )


@blueprint.post("/slips/<public_id>/take-up")
@requires(Permission.STATEMENT_MATCH)
def take_up_slip(public_id: str) -> Answer:
    """Let a rejected one wait again."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.take_up_slip(public_id, actor=actor),
        done=lambda _slip: redirect_with(_("The slip waits again."), _url(public_id)),
        page=lambda: _page(public_id, form),
    )


@blueprint.post("/slips/<public_id>/confirm")
@requires(Permission.STATEMENT_MATCH)
def confirm_slip(public_id: str) -> Answer:
    """Say of which booked payment it is."""
    form, actor = ButtonForm(), current_actor()
    payment = request.form.get("payment", "")
    return submit(
        form,
        lambda: operations.confirm_slip(public_id, payment, actor=actor),
        done=lambda _slip: redirect_with(_("The slip is of this payment."), _url(public_id)),
        page=lambda: _page(public_id, form),
    )


def _url(public_id: str) -> str:
    return url_for("banking.slip", public_id=public_id)


def _page(public_id: str, sent: RejectSlipForm | ButtonForm | None = None) -> str:
    slip = get_slip(public_id)
    return page(
        "slip",
        slip=slip,
        sending_bank=banks().get(slip.sending_bank or ""),
        trans_ref=trans_ref_of(slip),
        twins=find_twins([slip]).get(slip.id, []),
        lines=queries.list_lines_of_slip(slip) if slip.status == "waiting" else [],
        payments=list_payments_for(slip) if slip.status == "waiting" else [],
        form=sent if isinstance(sent, RejectSlipForm) else RejectSlipForm(formdata=None),
        button_form=sent if isinstance(sent, ButtonForm) else None,
        people=name_actors([slip.decided_by] if slip.decided_by else []),
    )
