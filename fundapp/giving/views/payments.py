"""The officer's list of payments; recording and reversing one, and asking for a refund."""

from flask import render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.giving import operations, queries
from fundapp.giving.errors import PaymentRefUsedError
from fundapp.giving.forms import (
    PaymentForm,
    PaymentSearch,
    RefundForm,
    ReturnForm,
    ReverseForm,
)
from fundapp.giving.kinds import REFUND
from fundapp.giving.models import Payment, RefundRequest
from fundapp.giving.policy import is_of_processor
from fundapp.giving.queries import PaymentFilter
from fundapp.giving.reader import said_with
from fundapp.giving.views.blueprint import blueprint
from fundapp.ids import new_public_id
from fundapp.ledger.queries import list_funds
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations import make_proposal
from fundapp.proposals.queries import find_open_proposals
from fundapp.remarks.models import RemarkKind
from fundapp.remarks.reader import WordsReader
from fundapp.web.forms import Answer, redirect_with, submit


@blueprint.get("/payments")
@requires(Permission.PAYMENT_READ)
def payments() -> tuple[str, int]:
    """Payments, the last received first, by method and day."""
    form = PaymentSearch(request.args)
    is_valid = form.validate()
    shown = form.payment_filter() if is_valid else PaymentFilter()
    page = queries.list_payments(shown, after=request.args.get("after"))
    may_record = current_actor().can(Permission.PAYMENT_RECORD)
    body = render_template("giving/payments.html", form=form, page=page, may_record=may_record)
    return body, 200 if is_valid else 422


@blueprint.get("/payments/new")
@requires(Permission.PAYMENT_RECORD)
def new_payment() -> str:
    """The form to record cash, a cheque or a transfer, for the pledge of `?reference=`."""
    form = PaymentForm(queries.list_gift_funds())
    form.reference.data = request.args.get("reference", "")
    return _form_page(form)


@blueprint.post("/payments/new")
@requires(Permission.PAYMENT_RECORD)
def record_payment() -> Answer:
    """Record it; the same form sent twice is one payment, unless it says something else."""
    form, actor = PaymentForm(queries.list_gift_funds()), current_actor()
    return submit(
        form,
        lambda: operations.receive_payment(form.incoming(), actor=actor),
        done=lambda payment: redirect_with(
            _("The payment is recorded and its receipt is issued."),
            url_for("giving.payment", public_id=payment.public_id),
        ),
        page=lambda: _form_page(form),
    )


@blueprint.get("/payments/<public_id>")
@requires(Permission.PAYMENT_READ)
def payment(public_id: str) -> str:
    """One payment: what it paid, its receipt and its journal entry."""
    return _payment_page(public_id)


@blueprint.post("/payments/<public_id>/reverse")
@requires(Permission.PAYMENT_RECORD)
def reverse_payment(public_id: str) -> Answer:
    """Reverse it, with a reason."""
    form, actor = ReverseForm(), current_actor()
    return submit(
        form,
        lambda: operations.reverse_payment(
            public_id, reason=form.reason.data, code=form.code.value, actor=actor
        ),
        done=lambda _payment: redirect_with(
            _("The payment is reversed. Its receipt is void but kept."),
            url_for("giving.payment", public_id=public_id),
        ),
        page=lambda: _payment_page(public_id, form),
    )


@blueprint.post("/payments/<public_id>/return")
@requires(Permission.PAYMENT_RECORD)
def return_payment(public_id: str) -> Answer:
    """Book that the bank took it back."""
    form, actor = ReturnForm(), current_actor()
    return submit(
        form,
        lambda: operations.return_payment(
            public_id,
            reason=form.return_reason.value,
            returned_on=form.returned_on.value,
            actor=actor,
        ),
        done=lambda _payment: redirect_with(
            _("It is booked that the bank took the money back. The receipt is void but kept."),
            url_for("giving.payment", public_id=public_id),
        ),
        page=lambda: _payment_page(public_id, form),
    )


@blueprint.post("/payments/<public_id>/refund")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def ask_for_refund(public_id: str) -> Answer:
    """Ask for a refund, which another person confirms."""
    actor = current_actor()
    form = RefundForm(by_card=is_of_processor(queries.get_payment(public_id)))

    def propose() -> Proposal:
        after = {"amount": form.amount.value} | ({"way": form.way_value} if form.way_value else {})
        return make_proposal(REFUND, public_id, after, actor=actor)

    return submit(
        form,
        propose,
        done=lambda proposal: redirect_with(
            _("Asked for. The money goes back when an administrator confirms it."),
            url_for("proposals.show", public_id=proposal.public_id),
        ),
        page=lambda: _payment_page(public_id, form),
    )


def _form_page(form: PaymentForm) -> str:
    if isinstance(form.refusal, PaymentRefUsedError):
        form.form_id.data = new_public_id()  # sent again, it is another payment
        form.form_errors.clear()  # the page says it in a notice of its own
    return render_template("giving/new_payment.html", form=form)


def _payment_page(public_id: str, sent: ReverseForm | ReturnForm | RefundForm | None = None) -> str:
    """The page of a payment; ``sent`` is a form that was refused."""
    actor = current_actor()
    detail, reader = queries.get_payment_detail(public_id), WordsReader(actor)
    wish = queries.find_refund_request(detail.payment)
    return render_template(
        "giving/payment.html",
        detail=detail,
        said=said_with(detail.payment.pledge),
        note=reader.of_subjects("payment", [public_id], RemarkKind.PAYMENT_NOTE).get(public_id),
        why_reversed=next(iter(reader.by_digest([detail.reversal_digest]).values()), None),
        form=sent if isinstance(sent, ReverseForm) else ReverseForm(formdata=None),
        return_form=sent if isinstance(sent, ReturnForm) else ReturnForm(formdata=None),
        funds={fund.code: fund for fund in list_funds()},
        may_record=actor.can(Permission.PAYMENT_RECORD),
        refund_form=sent if isinstance(sent, RefundForm) else _refund_form(detail.payment, wish),
        wish=wish,
        refunds=[
            queries.get_refund(each.public_id)
            for each in queries.list_refund_orders(detail.payment)
        ],
        refund_asked=find_open_proposals(REFUND).get((REFUND, public_id)),
        is_of_processor=is_of_processor(detail.payment),
        waits_for_bank=queries.waits_for_bank(detail.payment),
        is_part_of_refund=queries.find_refund_before(detail.payment) is not None,
        may_propose=actor.can(Permission.HOUSE_PROPOSE),
        may_read_books=actor.can(Permission.JOURNAL_READ),
    )


def _refund_form(payment: Payment, wish: RefundRequest | None) -> RefundForm:
    """The form of a refund, with what the donor asks for; else with the whole gift."""
    amount = wish.amount_satang if wish else payment.amount_satang
    way = {"way": wish.way.value} if wish else {}
    return RefundForm(formdata=None, by_card=is_of_processor(payment), amount=amount, **way)
