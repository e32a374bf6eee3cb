"""Gifts in kind: the list, the form, one gift and its letter of thanks."""

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.errors import NotFoundError
from fundapp.giving.in_kind import operations, queries
from fundapp.giving.in_kind.forms import InKindForm
from fundapp.giving.in_kind.letters import thanks_pdf
from fundapp.giving.in_kind.policy import may_record_in_kind
from fundapp.giving.models import InKindStatus
from fundapp.giving.views.blueprint import blueprint
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit


@blueprint.get("/gifts-in-kind")
@requires(Permission.PAYMENT_READ)
def gifts_in_kind() -> str:
    """What was given in kind, the last first."""
    return render_template(
        "giving/in_kind/gifts_in_kind.html",
        page=queries.list_gifts_in_kind(after=request.args.get("after")),
        may_record=may_record_in_kind(current_actor()),
    )


@blueprint.get("/gifts-in-kind/new")
@requires(Permission.PAYMENT_RECORD)
def new_gift_in_kind() -> str:
    """The form to record one."""
    return _form_page(InKindForm())


@blueprint.post("/gifts-in-kind/new")
@requires(Permission.PAYMENT_RECORD)
def record_gift_in_kind() -> Answer:
    """Record it; the same form sent twice is one gift."""
    form, actor = InKindForm(), current_actor()
    return submit(
        form,
        lambda: (
            operations.record_gift_in_kind(
                form.draft, key=form.form_id.data or "", actor=actor
            ).public_id
        ),
        done=lambda public_id: redirect_with(
            _("The gift in kind is recorded."),
            url_for("giving.gift_in_kind", public_id=public_id),
        ),
        page=lambda: _form_page(form),
    )


@blueprint.get("/gifts-in-kind/<public_id>")
@requires(Permission.PAYMENT_READ)
def gift_in_kind(public_id: str) -> str:
    """One gift in kind."""
    return _gift_page(public_id)


@blueprint.get("/gifts-in-kind/<public_id>/thanks.pdf")
@requires(Permission.PAYMENT_READ)
def gift_in_kind_thanks(public_id: str) -> Response:
    """The letter of thanks, in the language of the page; none for what was a mistake."""
    gift = queries.get_gift_in_kind(public_id)
    if gift.status is InKindStatus.WITHDRAWN:
        raise NotFoundError
    response = make_response(thanks_pdf(gift))
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = 'inline; filename="thanks.pdf"'
    return response


@blueprint.post("/gifts-in-kind/<public_id>/withdraw")
@requires(Permission.PAYMENT_RECORD)
def withdraw_gift_in_kind(public_id: str) -> Answer:
    """Say that it was recorded by mistake."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.withdraw_gift_in_kind(public_id, actor=actor),
        done=lambda _gift: redirect_with(
            _("The gift is marked as a mistake."), url_for("giving.gifts_in_kind")
        ),
        page=lambda: _gift_page(public_id, form),
    )


def _form_page(form: InKindForm) -> str:
    return render_template("giving/in_kind/new_gift_in_kind.html", form=form)


def _gift_page(public_id: str, refused: ButtonForm | None = None) -> str:
    return render_template(
        "giving/in_kind/gift_in_kind.html",
        gift=queries.get_gift_in_kind(public_id),
        may_record=may_record_in_kind(current_actor()),
        refused=refused,
    )
