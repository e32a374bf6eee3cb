"""The officer's list of payments; recording and reversing one."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.db import unit_of_work
from fundapp.errors import DomainError, NotFoundError, StaleError
from fundapp.giving import operations, queries
from fundapp.giving.forms import PaymentForm, PaymentSearch, ReverseForm
from fundapp.giving.forms.reading import refuse
from fundapp.giving.queries import PaymentFilter
from fundapp.giving.views.blueprint import blueprint


@blueprint.get("/payments")
@requires(Permission.PAYMENT_READ)
def payments() -> tuple[str, int]:
    """Payments, newest first, by method and day."""
    form = PaymentSearch(request.args)
    is_right = form.validate()
    wanted = form.wanted() if is_right else PaymentFilter()
    page = queries.list_payments(wanted, after=request.args.get("after"))
    may_record = current_user.can(Permission.PAYMENT_RECORD)
    template = "giving/payments.html"
    body = render_template(template, form=form, page=page, may_record=may_record)
    return body, 200 if is_right else 422


@blueprint.get("/payments/new")
@requires(Permission.PAYMENT_RECORD)
def new_payment() -> str:
    """The form to record cash, a cheque or a transfer."""
    return _form_page(PaymentForm(queries.list_gift_funds()))


@blueprint.post("/payments/new")
@requires(Permission.PAYMENT_RECORD)
def record_payment() -> Response | tuple[str, int]:
    """Record it; sent twice, it is still one payment."""
    form = PaymentForm(queries.list_gift_funds())
    if form.validate_on_submit():
        try:
            payment = unit_of_work(
                operations.receive_payment, form.arrival(), actor=current_actor()
            )
            flash(_("The payment is recorded and its receipt is issued."), "success")
            return redirect(url_for("giving.payment", public_id=payment.public_id), 303)
        except DomainError as error:
            refuse(form, error)
    return _form_page(form), 422


@blueprint.get("/payments/<public_id>")
@requires(Permission.PAYMENT_READ)
def payment(public_id: str) -> str:
    """Where one payment went."""
    return _payment_page(public_id, ReverseForm())


@blueprint.post("/payments/<public_id>/reverse")
@requires(Permission.PAYMENT_RECORD)
def reverse_payment(public_id: str) -> Response | tuple[str, int]:
    """Reverse it, with a reason."""
    form = ReverseForm()
    if form.validate_on_submit():
        try:
            reason = form.clean_reason
            unit_of_work(
                operations.reverse_payment, public_id, reason=reason, actor=current_actor()
            )
            flash(_("The payment is reversed. Its receipt is void but kept."), "success")
            return redirect(url_for("giving.payment", public_id=public_id), 303)
        except (NotFoundError, StaleError):
            raise
        except DomainError as error:
            refuse(form, error)
    return _payment_page(public_id, form), 422


def _form_page(form: PaymentForm) -> str:
    return render_template("giving/new_payment.html", form=form)


def _payment_page(public_id: str, form: ReverseForm) -> str:
    return render_template(
        "giving/payment.html",
        detail=queries.open_payment(public_id),
        form=form,
        may_record=current_user.can(Permission.PAYMENT_RECORD),
        may_read_books=current_user.can(Permission.JOURNAL_READ),
    )
