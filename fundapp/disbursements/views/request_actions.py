"""What is done with a request. A refusal is shown on top of the request as it is now."""

from collections.abc import Callable
from typing import Any

from flask import request as flask_request
from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.disbursements import operations, queries
from fundapp.disbursements.forms import (
    CancelForm,
    ComebackForm,
    DecisionForm,
    OpeningForm,
    PaymentReleaseForm,
    PayoutForm,
    PayoutSlipForm,
    ProofOfReceiptForm,
    RequestInterestForm,
    ShareBackForm,
)
from fundapp.disbursements.models import Decision, DisbursementRequest, RequestStatus
from fundapp.disbursements.views.blueprint import blueprint
from fundapp.disbursements.views.request_page import account_choices, request_page, tell_count
from fundapp.errors import DomainError, StaleError
from fundapp.web.forms import Answer, BaseForm, redirect_with, submit


@blueprint.post("/<public_id>/approve")
@requires(Permission.DISBURSEMENT_DECIDE)
@fresh_factor
def approve(public_id: str) -> Answer:
    """Approve; the last approval that is needed books the expense."""
    return _decide(public_id, Decision.APPROVE, _("Approved. It can be paid now."))


@blueprint.post("/<public_id>/return")
@requires(Permission.DISBURSEMENT_DECIDE)
@fresh_factor
def return_(public_id: str) -> Answer:
    """Return the request to the person who asked."""
    return _decide(public_id, Decision.RETURN, _("Returned to the person who asked."))


@blueprint.post("/<public_id>/reject")
@requires(Permission.DISBURSEMENT_DECIDE)
@fresh_factor
def reject(public_id: str) -> Answer:
    """Reject the request, which is final."""
    return _decide(public_id, Decision.REJECT, _("Rejected."))


@blueprint.post("/<public_id>/cancel")
@requires(Permission.DISBURSEMENT_CANCEL)
def cancel(public_id: str) -> Answer:
    """Cancel the request; its state decides who may."""
    form, actor = CancelForm(), current_actor()
    return carry_out(
        public_id,
        form,
        lambda: operations.cancel_request(
            public_id,
            version=form.version_number,
            reason=form.reason.data,
            code=form.code.value,
            actor=actor,
        ),
        _("Cancelled."),
    )


@blueprint.post("/<public_id>/release")
@requires(Permission.DISBURSEMENT_DECIDE)
@fresh_factor
def release(public_id: str) -> Answer:
    """Let a stopped payment go on, or say what is done about one that the bank made."""
    form, actor = PaymentReleaseForm(), current_actor()
    known = queries.get_request(public_id, viewer=actor)
    is_waiting = known.status is RequestStatus.APPROVED
    return carry_out(
        public_id,
        form,
        lambda: operations.release_payment(
            public_id, version=form.version_number, reason=form.reason.data, actor=actor
        ),
        _("The payment can go on.") if is_waiting else _("Noted. It stays in the history."),
    )


@blueprint.post("/<public_id>/declare")
@requires(Permission.DISBURSEMENT_DECIDE)
@fresh_factor
def declare(public_id: str) -> Answer:
    """Declare an interest, and decide nothing about the request."""
    form, actor = RequestInterestForm(), current_actor()
    return carry_out(
        public_id,
        form,
        lambda: operations.declare_interest_in_request(
            public_id, form.interest.value, version=form.version_number, actor=actor
        ),
        _("Declared. Another approver decides."),
    )


@blueprint.post("/<public_id>/pay")
@requires(Permission.DISBURSEMENT_PAY)
@fresh_factor
def pay(public_id: str) -> Answer:
    """Record the payout."""
    form, actor = PayoutForm(), current_actor()
    known = queries.get_request(public_id, viewer=actor)
    form.paid_from.choices = account_choices(known)
    return carry_out(
        public_id,
        form,
        lambda: operations.record_payout(
            public_id,
            version=form.version_number,
            paid_on=form.paid_on.value,
            paid_from_account_code=form.paid_from.data,
            bank_reference=form.bank_reference.data,
            actor=actor,
        ),
        tell_count(_("The payment is recorded. Now the proof of receipt is awaited."), known),
    )


@blueprint.post("/<public_id>/slip")
@requires(Permission.DISBURSEMENT_PAY)
@fresh_factor
def file_slip(public_id: str) -> Answer:
    """File a slip of the bank with the payment."""
    form, actor = PayoutSlipForm(), current_actor()
    return carry_out(
        public_id,
        form,
        lambda: operations.file_payout_slip(
            public_id, form.slip.accepted, version=form.version_number, actor=actor
        ),
        _("The slip is filed."),
        before=form.slip.take_in,
    )


@blueprint.post("/<public_id>/come-back")
@requires(Permission.DISBURSEMENT_PAY)
@fresh_factor
def come_back(public_id: str) -> Answer:
    """Record that the money of the payment came back."""
    form, actor = ComebackForm(), current_actor()
    return carry_out(
        public_id,
        form,
        lambda: operations.record_comeback(
            public_id,
            version=form.version_number,
            cause=form.cause.value,
            returned_on=form.returned_on.value,
            reason=form.reason.data,
            actor=actor,
        ),
        _("It is booked that the money came back. The request is with the person who asked."),
    )


@blueprint.post("/<public_id>/share-back")
@requires(Permission.DISBURSEMENT_PAY)
@fresh_factor
def share_back(public_id: str) -> Answer:
    """Record that the shares of some children came back."""
    form, actor = ShareBackForm(), current_actor()
    return carry_out(
        public_id,
        form,
        lambda: operations.record_share_return(
            public_id,
            version=form.version_number,
            cause=form.cause.value,
            returned_on=form.returned_on.value,
            amount_satang=form.amount.value,
            codes=form.codes.value,
            reason=form.reason.data,
            actor=actor,
        ),
        _("It is booked that the shares came back. These children can be asked for again."),
    )


@blueprint.post("/<public_id>/prove")
@requires(Permission.DISBURSEMENT_PROVE)
def prove(public_id: str) -> Answer:
    """File a proof of receipt."""
    form, actor = ProofOfReceiptForm(), current_actor()
    return carry_out(
        public_id,
        form,
        lambda: operations.file_proof_of_receipt(
            public_id,
            version=form.version_number,
            outcome=form.outcome.value,
            confirmed_on=form.confirmed_on.value,
            confirmed_by=form.confirmed_by.data,
            note=form.note.data,
            document=form.document.accepted,
            actor=actor,
        ),
        _("The proof of receipt is filed."),
        before=form.document.take_in,
    )


@blueprint.post("/<public_id>/open")
@requires(Permission.DISBURSEMENT_OPEN)
@fresh_factor
def open_request(public_id: str) -> Answer:
    """Show whom the request names to an auditor who wrote why, for some days."""
    form, actor = OpeningForm(), current_actor()
    return carry_out(
        public_id,
        form,
        lambda: operations.open_request(public_id, form.reason.data, actor=actor),
        _("The names and papers are shown to you for seven days; each reading is recorded."),
    )


def _decide(public_id: str, decision: Decision, message: str) -> Answer:
    form, actor = DecisionForm(), current_actor()

    def done(decided: DisbursementRequest) -> Response:
        text = message
        if decision is Decision.APPROVE and decided.status is RequestStatus.SUBMITTED:
            text = _("Approved. A second approver decides next.")
        text = tell_count(text, decided)
        following = queries.find_next_to_decide(decided, viewer=actor) if _wants_next() else None
        if _wants_next() and following is None:
            text += " " + _("Nothing else waits for you.")
        public_id = (following or decided).public_id
        return redirect_with(text, url_for("disbursements.show", public_id=public_id))

    return carry_out(
        public_id,
        form,
        lambda: operations.decide_request(
            public_id,
            decision=decision,
            version=form.version_number,
            reason=form.reason.data,
            code=form.code.value,
            actor=actor,
        ),
        message,
        done=done,
    )


def _wants_next() -> bool:
    """Whether the button was pressed that opens the next request."""
    return "next" in flask_request.form


def carry_out(
    public_id: str,
    form: BaseForm,
    work: Callable[[], object],
    message: str,
    before: Callable[[], object] | None = None,
    done: Callable[[Any], Answer] | None = None,
) -> Answer:
    """Carry the form out and go back to the request, where ``message`` is shown."""

    def refused(error: DomainError) -> str:
        # What was typed for another version of the request is not offered again.
        if isinstance(error, StaleError):
            return request_page(public_id, refusal=error)
        if (error.field or "") in form:
            return request_page(public_id, form=form)
        form.form_errors.clear()  # said once, above
        return request_page(public_id, form=form, refusal=error)

    def shown_again(_result: object) -> Answer:
        return redirect_with(message, url_for("disbursements.show", public_id=public_id))

    return submit(
        form,
        work,
        done=done or shown_again,
        page=lambda: request_page(public_id, form=form),
        refused=refused,
        before=before,
    )
