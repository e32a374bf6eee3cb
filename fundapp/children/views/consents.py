"""Recording a consent, withdrawing it, and its signed paper."""

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.children import operations, queries
from fundapp.children.forms import ConsentForm
from fundapp.children.views.blueprint import blueprint
from fundapp.children.views.files import file_page
from fundapp.clock import today
from fundapp.db import unit_of_reading
from fundapp.documents.serving import document_response
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit


@blueprint.get("/children/consents")
@requires(Permission.CHILD_REGISTER)
def ending_consents() -> str:
    """Consents that have run out or run out soon; the names on the page are read."""
    viewer, day = current_actor(), today()
    page = queries.list_ending_consents(viewer=viewer, today=day, after=request.args.get("after"))
    children = [child for _consent, child in page.rows]
    names = unit_of_reading(operations.read_names, children, actor=viewer)
    rows = [(consent, name) for (consent, _), name in zip(page.rows, names, strict=True)]
    return render_template("children/consents.html", page=page, rows=rows, day=day)


@blueprint.post("/children/<public_id>/consents")
@requires(Permission.CHILD_REGISTER)
def record_consent(public_id: str) -> Answer:
    """Add a consent, with its signed paper if there is one."""
    form, actor = ConsentForm(), current_actor()
    return submit(
        form,
        lambda: operations.record_consent(
            public_id, form.draft(), paper=form.paper.accepted, actor=actor
        ),
        before=form.paper.take_in,
        done=lambda _consent: redirect_with(
            _("The consent was recorded."), url_for("children.show", public_id=public_id)
        ),
        page=lambda: file_page(public_id, form),
    )


@blueprint.post("/children/<public_id>/consents/<int:consent_id>/withdraw")
@requires(Permission.CHILD_REGISTER)
def withdraw_consent(public_id: str, consent_id: int) -> Answer:
    """Withdraw a consent; it no longer counts from now on."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.withdraw_consent(public_id, consent_id, actor=actor),
        done=lambda _consent: redirect_with(
            _("The consent was withdrawn. It no longer counts from now on."),
            url_for("children.show", public_id=public_id, _anchor=f"consent-{consent_id}"),
        ),
        page=lambda: file_page(public_id, form),
    )


@blueprint.get("/children/<public_id>/consents/<int:consent_id>/paper")
@requires(Permission.CHILD_READ)
def paper(public_id: str, consent_id: int) -> Response:
    """The signed paper of a consent, as a download."""
    actor = current_actor()
    document, content = unit_of_reading(
        operations.read_consent_paper, public_id, consent_id, actor=actor
    )
    return document_response(document, content)
