"""Recording a consent, withdrawing it, and its signed paper."""

from flask import Response, abort, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.children import operations, queries
from fundapp.children.consent_forms import consent_form_pdf
from fundapp.children.forms import ConsentForm
from fundapp.children.models import ASKED_KINDS, ConsentKind
from fundapp.children.views.blueprint import blueprint
from fundapp.children.views.files import file_page
from fundapp.clock import today
from fundapp.db import unit_of_reading
from fundapp.documents.serving import document_response
from fundapp.paging import Page
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit
from fundapp.web.locale import LOCALES


@blueprint.get("/children/consents")
@requires(Permission.CHILD_REGISTER)
def ending_consents() -> str:
    """Consents that have run out or run out soon; the names on the page are read."""
    viewer, day = current_actor(), today()
    after = request.args.get("after")
    shown = request.args.get("shown")
    page = queries.list_ending_consents(viewer=viewer, today=day, after=after)
    if shown == "grown":
        page = Page([], None)
    grown = (
        [] if after or shown == "ended" else queries.list_grown_children(viewer=viewer, today=day)
    )
    children = [*(child for _consent, child in page.rows), *grown]
    names = unit_of_reading(operations.read_names, children, actor=viewer)
    rows = [(consent, name) for (consent, _), name in zip(page.rows, names, strict=False)]
    return render_template(
        "children/consents.html",
        page=page,
        rows=rows,
        grown=names[len(rows) :],
        day=day,
        shown=shown,
    )


@blueprint.get("/children/consent-form/<kind>.pdf")
@requires(Permission.CHILD_REGISTER)
def consent_form(kind: str) -> Response:
    """The form of a consent to be signed, with ``?child=`` of this child, which is a read."""
    if kind not in map(str, ASKED_KINDS):
        abort(404)
    actor, public_id = current_actor(), request.args.get("child")
    file = unit_of_reading(operations.read_file, public_id, actor=actor) if public_id else None
    language = request.args.get("language", "th")
    with force_locale(language if language in LOCALES else "th"):
        content = consent_form_pdf(ConsentKind(kind), file)
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="consent-{kind}.pdf"'
    return response


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
