"""Refunds in the office: what donors ask for, and the way of each refund to its end."""

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.documents.papers import open_paper
from fundapp.documents.serving import document_response
from fundapp.errors import NotFoundError
from fundapp.giving import operations, queries
from fundapp.giving.forms import (
    PaperForm,
    RefundAccountForm,
    RefundPaidForm,
    RefusalForm,
    SeenAccountForm,
    SentBackForm,
)
from fundapp.giving.models import RefundWay
from fundapp.giving.queries import RefundDetail
from fundapp.giving.receipts.letters import refund_voucher_pdf
from fundapp.giving.receipts.queries import find_receipt_of
from fundapp.giving.receipts.reader import open_account
from fundapp.giving.views.blueprint import blueprint
from fundapp.giving.workflow import RefundStep
from fundapp.identity.actor_names import name_actors
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.queries import list_accounts
from fundapp.thai.banks import PROMPTPAY, banks
from fundapp.web.forms import Answer, BaseForm, choices, redirect_with, submit
from fundapp.web.locale import localized


@blueprint.get("/refunds")
@requires(Permission.REFUND_READ)
def refunds() -> str:
    """What donors ask for, and refunds on their way."""
    asked = queries.list_refund_requests()
    return render_template(
        "giving/refunds.html",
        asked=[(each, find_receipt_of(each.payment_id)) for each in asked],
        page=queries.list_refunds(only_open=True, after=request.args.get("after")),
        is_all=False,
    )


@blueprint.get("/refunds/all")
@requires(Permission.REFUND_READ)
def all_refunds() -> str:
    """Every refund that two people confirmed, the newest first."""
    page = queries.list_refunds(only_open=False, after=request.args.get("after"))
    return render_template("giving/refunds.html", asked=[], page=page, is_all=True)


@blueprint.post("/refunds/asked/<public_id>/refuse")
@requires(Permission.REFUND_PAY)
@fresh_factor
def refuse_refund_request(public_id: str) -> Answer:
    """Refuse what a giver asked for, with a reason that the giver is told."""
    form, actor = RefusalForm(), current_actor()
    queries.require_refund_request(public_id)
    return submit(
        form,
        lambda: operations.refuse_refund_request(public_id, reason=form.why.value, actor=actor),
        done=lambda _asked: redirect_with(
            _("Refused. The giver is told."), url_for("giving.refunds")
        ),
        page=lambda: _refusal_page(form),
    )


@blueprint.get("/refunds/asked/<public_id>/refuse")
@requires(Permission.REFUND_PAY)
def refuse_request_form(public_id: str) -> str:
    """The form to refuse it."""
    queries.require_refund_request(public_id)
    return _refusal_page(RefusalForm(formdata=None))


@blueprint.get("/refunds/<public_id>")
@requires(Permission.REFUND_READ)
def refund(public_id: str) -> str:
    """One refund: how far it is, and what comes next."""
    return _refund_page(public_id)


@blueprint.get("/refunds/<public_id>/voucher.pdf")
@requires(Permission.REFUND_READ)
def refund_voucher(public_id: str) -> Response:
    """The voucher that the giver signs who collects cash."""
    detail = queries.get_refund(public_id)
    if detail.office is None or detail.office.way is not RefundWay.CASH or not detail.receipt:
        raise NotFoundError
    pdf = refund_voucher_pdf(detail.receipt, detail.order.amount_satang, detail.order.public_id)
    response = Response(pdf, mimetype="application/pdf")
    name = f"refund-{detail.receipt.label}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.post("/refunds/<public_id>/account")
@requires(Permission.REFUND_VERIFY)
@fresh_factor
def enter_refund_account(public_id: str) -> Answer:
    """Write down the giver's account, which another person verifies."""
    form, actor = RefundAccountForm(), current_actor()
    return submit(
        form,
        lambda: operations.enter_refund_account(public_id, form.account(), actor=actor),
        done=lambda _none: _back(public_id, _("Written down. Another person verifies it.")),
        page=lambda: _refund_page(public_id, form),
    )


@blueprint.post("/refunds/<public_id>/verify")
@requires(Permission.REFUND_VERIFY)
@fresh_factor
def verify_refund_account(public_id: str) -> Answer:
    """Confirm that the account is the giver's."""
    form, actor = SeenAccountForm(), current_actor()
    return submit(
        form,
        lambda: operations.verify_refund_account(public_id, form.seen.data or "", actor=actor),
        done=lambda _none: _back(public_id, _("Verified. Another person pays it.")),
        page=lambda: _refund_page(public_id, form),
    )


@blueprint.post("/refunds/<public_id>/pay")
@requires(Permission.REFUND_PAY)
@fresh_factor
def pay_refund(public_id: str) -> Answer:
    """Record that it was paid."""
    form, actor = _paid_form(queries.get_refund(public_id)), current_actor()
    return submit(
        form,
        lambda: operations.pay_refund(
            public_id,
            paid_on=form.paid_on.value,
            account_code=form.account.data,
            seen=form.seen.data or "",
            actor=actor,
        ),
        done=lambda _paid: _back(public_id, _("The refund is recorded as paid.")),
        page=lambda: _refund_page(public_id, form),
    )


@blueprint.post("/refunds/<public_id>/papers")
@requires(Permission.REFUND_PAY)
@fresh_factor
def file_refund_voucher(public_id: str) -> Answer:
    """Keep the voucher that the giver signed."""
    form, actor = PaperForm(), current_actor()

    def work() -> None:
        if form.paper.accepted is None:
            raise NotFoundError
        operations.file_refund_voucher(public_id, paper=form.paper.accepted, actor=actor)

    return submit(
        form,
        work,
        before=form.paper.take_in,
        done=lambda _none: _back(public_id, _("The paper is filed.")),
        page=lambda: _refund_page(public_id, form),
    )


@blueprint.get("/refunds/<public_id>/papers/<document_id>")
@requires(Permission.REFUND_READ)
def refund_paper(public_id: str, document_id: str) -> Response:
    """A signed voucher, to download."""
    for document in queries.get_refund(public_id).vouchers:
        if document.public_id == document_id:
            return document_response(document, open_paper(document))
    raise NotFoundError


@blueprint.post("/refunds/<public_id>/sent-back")
@requires(Permission.REFUND_PAY)
@fresh_factor
def refund_sent_back(public_id: str) -> Answer:
    """Book that the bank sent it back."""
    form, actor = SentBackForm(), current_actor()
    return submit(
        form,
        lambda: operations.undo_refund_payment(
            public_id, sent_back_on=form.sent_back_on.value, actor=actor
        ),
        done=lambda _none: _back(public_id, _("Booked. The giver is asked for another account.")),
        page=lambda: _refund_page(public_id, form),
    )


@blueprint.post("/refunds/<public_id>/cancel")
@requires(Permission.REFUND_PAY)
@fresh_factor
def cancel_refund(public_id: str) -> Answer:
    """Cancel what is not paid: the money is a gift again."""
    form, actor = RefusalForm(), current_actor()
    return submit(
        form,
        lambda: operations.cancel_office_refund(public_id, reason=form.why.value, actor=actor),
        done=lambda _again: _back(public_id, _("Cancelled. The money is a gift again.")),
        page=lambda: _refund_page(public_id, form),
    )


def _back(public_id: str, message: str) -> AnyResponse:
    return redirect_with(message, url_for("giving.refund", public_id=public_id))


def _refusal_page(form: RefusalForm) -> str:
    return render_template("giving/refuse_refund.html", form=form)


def _paid_form(detail: RefundDetail) -> RefundPaidForm:
    form = RefundPaidForm()
    codes = queries.accounts_to_refund_from(detail.office) if detail.office else []
    names = {each.code: f"{each.code} {localized(each)}" for each in list_accounts()}
    form.account.choices = choices({code: names[code] for code in codes})
    return form


def _refund_page(public_id: str, sent: BaseForm | None = None) -> str:
    """The page of a refund; ``sent`` is a form that was refused."""
    actor, detail = current_actor(), queries.get_refund(public_id)
    account, step = detail.account, detail.step
    may_see = actor.can_any(Permission.REFUND_VERIFY, Permission.REFUND_PAY)
    opened = open_account(account) if account and may_see else None
    bank = banks().get(opened.bank_code) if opened else None
    pay_form = sent if isinstance(sent, RefundPaidForm) else _paid_form(detail)
    pay_form.seen.data = str(account.id) if account else ""
    office, paid = detail.office, detail.paid
    refs = [office.asked_by, office.approved_by] if office else [detail.order.ordered_by]
    refs += [paid.paid_by] if paid else []
    refs += [ref for ref in (account.entered_by, account.verified_by) if ref] if account else []
    is_waiting = step in {
        RefundStep.ACCOUNT,
        RefundStep.VERIFY,
        RefundStep.PAY,
        RefundStep.COLLECT,
    }
    return render_template(
        "giving/refund.html",
        detail=detail,
        step=step,
        entry_number=entry_number,
        opened=opened,
        bank=_("PromptPay") if opened and opened.bank_code == PROMPTPAY else bank,
        names=name_actors(refs),
        sent=sent,
        account_form=sent
        if isinstance(sent, RefundAccountForm)
        else RefundAccountForm(formdata=None),
        seen_form=sent
        if isinstance(sent, SeenAccountForm)
        else SeenAccountForm(formdata=None, seen=account.id if account else ""),
        pay_form=pay_form,
        back_form=sent if isinstance(sent, SentBackForm) else SentBackForm(formdata=None),
        refusal_form=sent if isinstance(sent, RefusalForm) else RefusalForm(formdata=None),
        paper_form=sent if isinstance(sent, PaperForm) else PaperForm(formdata=None),
        is_waiting=is_waiting,
        waits_for_bank=is_waiting and queries.waits_for_bank(detail.payment),
        may_verify=actor.can(Permission.REFUND_VERIFY)
        and account is not None
        and queries.are_others(actor, [account.entered_by]),
        may_enter=actor.can(Permission.REFUND_VERIFY),
        may_pay=actor.can(Permission.REFUND_PAY),
        is_other_payer=office is None
        or queries.are_others(
            actor, [office.approved_by, account.verified_by if account else None]
        ),
        may_read_payments=actor.can(Permission.PAYMENT_READ),
    )
