"""What is done to a request. A refusal shows the request as it now stands, with the reason on
top.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, cast

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.db import unit_of_work
from fundapp.disbursements import operations, queries
from fundapp.disbursements.forms import DecisionForm, PayoutForm, ProofForm, VersionedForm
from fundapp.disbursements.models import Decision, ReceiptOutcome
from fundapp.disbursements.views import blueprint
from fundapp.disbursements.views.page import account_choices, request_page
from fundapp.errors import DomainError, NotFoundError, StaleError
from fundapp.web.errors import status_of

Answer = Response | tuple[str, int]


@blueprint.post("/<public_id>/approve")
@requires(Permission.DISBURSEMENT_DECIDE)
def approve(public_id: str) -> Answer:
    """Approve, which books the expense."""
    return _decide(public_id, Decision.APPROVE, _("Approved. It can be paid now."))


@blueprint.post("/<public_id>/return")
@requires(Permission.DISBURSEMENT_DECIDE)
def return_(public_id: str) -> Answer:
    """Send the request back to who asked."""
    return _decide(public_id, Decision.RETURN, _("Returned to the person who asked."))


@blueprint.post("/<public_id>/reject")
@requires(Permission.DISBURSEMENT_DECIDE)
def reject(public_id: str) -> Answer:
    """Say no for good."""
    return _decide(public_id, Decision.REJECT, _("Rejected."))


@blueprint.post("/<public_id>/cancel")
@requires(Permission.DISBURSEMENT_CANCEL)
def cancel(public_id: str) -> Answer:
    """Take the request back; who may depends on how far it is."""
    form = DecisionForm(prefix="cancel-")
    return _do(
        public_id,
        form,
        _("Cancelled."),
        lambda: operations.cancel_request(
            public_id,
            version=form.seen_version,
            reason=form.reason.data or "",
            actor=current_actor(),
        ),
    )


@blueprint.post("/<public_id>/pay")
@requires(Permission.DISBURSEMENT_PAY)
def pay(public_id: str) -> Answer:
    """Record the payout."""
    form = PayoutForm()
    form.paid_from.choices = account_choices(queries.get_request(public_id, viewer=current_actor()))
    return _do(
        public_id,
        form,
        _("The payment is recorded. Now the proof of receipt is awaited."),
        lambda: operations.record_payout(
            public_id,
            version=form.seen_version,
            paid_on=cast(date, form.paid_on.data),
            paid_from_account_code=form.paid_from.data,
            bank_reference=form.bank_reference.data or "",
            actor=current_actor(),
        ),
    )


@blueprint.post("/<public_id>/prove")
@requires(Permission.DISBURSEMENT_PROVE)
def prove(public_id: str) -> Answer:
    """File what the guardian or school says."""
    form = ProofForm()
    upload = form.upload()
    return _do(
        public_id,
        form,
        _("The proof is filed."),
        lambda: operations.file_proof_of_receipt(
            public_id,
            version=form.seen_version,
            outcome=ReceiptOutcome(form.outcome.data),
            confirmed_on=cast(date, form.confirmed_on.data),
            confirmed_by=form.confirmed_by.data or "",
            note=form.note.data or "",
            document=upload,
            actor=current_actor(),
        ),
    )


def _decide(public_id: str, decision: Decision, done: str) -> Answer:
    form = DecisionForm()
    return _do(
        public_id,
        form,
        done,
        lambda: operations.decide_request(
            public_id,
            decision=decision,
            version=form.seen_version,
            reason=form.reason.data or "",
            actor=current_actor(),
        ),
    )


def _do(public_id: str, form: VersionedForm, done: str, work: Callable[[], Any]) -> Answer:
    """Do the work and go back to the request, or show it with what stands against the work."""
    if not form.validate_on_submit():
        return request_page(public_id, form=form), 422
    try:
        unit_of_work(work)
    except NotFoundError:
        raise
    except StaleError as error:
        return request_page(public_id, refusal=error), status_of(error)
    except DomainError as error:
        return request_page(public_id, form=form, refusal=error), status_of(error)
    flash(done, "success")
    return redirect(url_for("disbursements.show", public_id=public_id), 303)
