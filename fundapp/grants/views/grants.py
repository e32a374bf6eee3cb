"""The list of grants, the page of each, and the forms of its draft."""

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.budgets.queries import list_expense_accounts
from fundapp.documents.papers import open_paper
from fundapp.documents.queries import get_document
from fundapp.documents.serving import document_response
from fundapp.errors import NotFoundError
from fundapp.grants import kinds, operations, queries
from fundapp.grants.forms import (
    PART_FORMS,
    EndForm,
    GrantFilter,
    GrantForm,
    GrantLineForm,
    PartForm,
)
from fundapp.grants.models import GrantStatus, ReceivedGrant
from fundapp.grants.policy import version_of
from fundapp.grants.steps import SUBJECT_TYPE, find_obstacles
from fundapp.grants.views.blueprint import blueprint
from fundapp.ledger.kinds import account_labels
from fundapp.ledger.queries import list_open_funds
from fundapp.proposals.operations import make_proposal
from fundapp.proposals.queries import find_open_proposal
from fundapp.thai.calendar import fiscal_year_be
from fundapp.web.forms import Answer, BaseForm, ButtonForm, redirect_with, submit
from fundapp.web.locale import translated


@blueprint.get("")
@requires(Permission.GRANT_READ)
def index() -> tuple[str, int]:
    """The grants, the newest first."""
    form = GrantFilter(request.args)
    is_valid = form.validate()
    status = form.status.member if is_valid else None
    body = render_template(
        "grants/index.html",
        form=form,
        status=status,
        page=queries.list_grants(status, request.args.get("after")),
        may_keep=current_actor().can(Permission.GRANT_KEEP),
    )
    return body, 200 if is_valid else 422


@blueprint.get("/due")
@requires(Permission.GRANT_READ)
def due() -> str:
    """Conditions and reports that are due soon, or were."""
    day, shown = clock.today(), request.args.get("shown", "")
    return render_template(
        "grants/due.html",
        day=day,
        shown=shown if shown in ("conditions", "reports") else "",
        conditions=queries.list_due_conditions(day),
        reports=queries.list_due_reports(day),
    )


@blueprint.get("/new")
@requires(Permission.GRANT_KEEP)
def new() -> str:
    """The form of a new grant."""
    return _form_page(GrantForm(formdata=None))


@blueprint.post("/new")
@requires(Permission.GRANT_KEEP)
def add() -> Answer:
    """Enter it as a draft."""
    form, actor = GrantForm(), current_actor()
    _offer(form)
    return submit(
        form,
        lambda: operations.draft_grant(form.draft, form.paper.accepted, actor=actor).public_id,
        before=form.paper.take_in,
        done=lambda public_id: _done(_("Entered as a draft. Add its parts now."), public_id),
        page=lambda: _form_page(form),
    )


@blueprint.get("/<public_id>")
@requires(Permission.GRANT_READ)
def show(public_id: str) -> str:
    """One grant with what arrived, what was spent, and what is asked."""
    return grant_page(public_id)


@blueprint.get("/<public_id>/change")
@requires(Permission.GRANT_KEEP)
def change_form(public_id: str) -> str:
    """The form of what a draft says of the agreement."""
    grant = queries.get_grant(public_id)
    data = {**GrantForm.data_of(grant), "version": version_of(grant)}
    return _form_page(GrantForm(formdata=None, data=data), grant)


@blueprint.post("/<public_id>/change")
@requires(Permission.GRANT_KEEP)
def change(public_id: str) -> Answer:
    """Change it."""
    form, actor = GrantForm(), current_actor()
    _offer(form)
    return submit(
        form,
        lambda: (
            operations.change_grant(
                public_id,
                form.draft,
                form.paper.accepted,
                seen=form.version.data or "",
                actor=actor,
            ).public_id
        ),
        before=form.paper.take_in,
        done=lambda grant_id: _done(_("Changed."), grant_id),
        page=lambda: _form_page(form, queries.get_grant(public_id)),
    )


@blueprint.get("/<public_id>/<kind>/new")
@requires(Permission.GRANT_KEEP)
def new_part(public_id: str, kind: str) -> str:
    """The form of a part of a draft."""
    version = version_of(queries.get_grant(public_id))
    return _part_page(public_id, kind, _part_form(kind)(formdata=None, data={"version": version}))


@blueprint.post("/<public_id>/<kind>/new")
@requires(Permission.GRANT_KEEP)
def add_part(public_id: str, kind: str) -> Answer:
    """Add it. A second click leads back to the grant, where it stands."""
    form, actor = _part_form(kind)(), current_actor()
    _offer_part(form, queries.get_grant(public_id))
    seen = form.version.data or ""
    return submit(
        form,
        lambda: operations.add_part(public_id, form.draft, seen=seen, actor=actor).public_id,
        stale=lambda error: redirect_with(
            translated(error), url_for("grants.show", public_id=public_id), "warning"
        ),
        done=lambda grant_id: _done(_("Added."), grant_id),
        page=lambda: _part_page(public_id, kind, form),
    )


@blueprint.post("/<public_id>/<kind>/<int:part_id>/remove")
@requires(Permission.GRANT_KEEP)
def remove_part(public_id: str, kind: str, part_id: int) -> Answer:
    """Take a part out of a draft again."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.remove_part(public_id, kind, part_id, actor=actor).public_id,
        done=lambda grant_id: _done(_("Removed."), grant_id),
        page=lambda: grant_page(public_id, form),
    )


@blueprint.post("/<public_id>/start")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def start(public_id: str) -> Answer:
    """Propose that it starts."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: make_proposal(
            kinds.GRANT_START,
            public_id,
            kinds.started_values(queries.get_grant(public_id)),
            actor=actor,
        ),
        done=lambda proposal: redirect_with(
            _("Proposed. The grant starts when an administrator confirms it."),
            url_for("proposals.show", public_id=proposal.public_id),
        ),
        page=lambda: grant_page(public_id, form),
    )


@blueprint.post("/<public_id>/withdraw")
@requires(Permission.GRANT_KEEP)
def withdraw(public_id: str) -> Answer:
    """Give the draft up."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.withdraw_grant(public_id, actor=actor).public_id,
        done=lambda grant_id: _done(_("The draft is given up."), grant_id),
        page=lambda: grant_page(public_id, form),
    )


@blueprint.post("/<public_id>/complete")
@requires(Permission.GRANT_KEEP)
def complete(public_id: str) -> Answer:
    """Note that it is completed."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.complete_grant(public_id, actor=actor).public_id,
        done=lambda grant_id: _done(_("The grant is completed."), grant_id),
        page=lambda: grant_page(public_id, form),
    )


@blueprint.post("/<public_id>/end")
@requires(Permission.GRANT_KEEP)
def end(public_id: str) -> Answer:
    """End it before its last day."""
    form, actor = EndForm(), current_actor()
    return submit(
        form,
        lambda: (
            operations.end_grant(public_id, ended_on=form.ended_on.value, actor=actor).public_id
        ),
        done=lambda grant_id: _done(_("The grant has ended."), grant_id),
        page=lambda: grant_page(public_id, form),
    )


@blueprint.get("/papers/<document_id>")
@requires(Permission.GRANT_READ)
def paper(document_id: str) -> Response:
    """An agreement, evidence, or a report."""
    document = get_document(SUBJECT_TYPE, document_id)
    return document_response(document, open_paper(document))


def grant_page(public_id: str, form: BaseForm | None = None) -> str:
    """The page; ``form`` is one that was refused."""
    file, viewer = queries.get_grant_file(public_id), current_actor()
    grant = file.grant
    is_running = grant.status is GrantStatus.RUNNING
    return render_template(
        "grants/show.html",
        file=file,
        grant=grant,
        name=kinds.grant_name(grant),
        form=form,
        end_form=form if isinstance(form, EndForm) else EndForm(formdata=None),
        day=clock.today(),
        waiting=find_open_proposal(kinds.GRANT_START, public_id)
        or find_open_proposal(kinds.GRANT_AMENDMENT, public_id),
        account_names=account_labels(),
        may_amend=is_running and viewer.can(Permission.HOUSE_PROPOSE),
        obstacles=[translated(each) for each in find_obstacles(grant)] if grant.is_draft else [],
        is_running=is_running,
        may_keep=viewer.can(Permission.GRANT_KEEP),
        may_change=grant.is_draft and viewer.can(Permission.GRANT_KEEP),
        may_propose=grant.is_draft and viewer.can(Permission.HOUSE_PROPOSE),
        reads_journal=viewer.can(Permission.JOURNAL_READ),
        reads_donors=viewer.can(Permission.DONOR_READ),
    )


def _done(message: str, public_id: str) -> Answer:
    return redirect_with(message, url_for("grants.show", public_id=public_id))


def _offer(form: GrantForm) -> None:
    form.offer(queries.list_grantors(), list_open_funds())


def _form_page(form: GrantForm, grant: ReceivedGrant | None = None) -> str:
    if grant is not None and not grant.is_draft:
        raise NotFoundError
    _offer(form)
    return render_template(
        "grants/form.html",
        form=form,
        grant=grant,
        name=kinds.grant_name(grant) if grant else "",
    )


def _part_form(kind: str) -> type[PartForm]:
    """The form of such a part; NotFoundError."""
    if kind not in PART_FORMS:
        raise NotFoundError
    return PART_FORMS[kind]


def _offer_part(form: BaseForm, grant: ReceivedGrant) -> None:
    if not grant.is_draft:
        raise NotFoundError
    if isinstance(form, GrantLineForm):
        years = range(fiscal_year_be(grant.starts_on), fiscal_year_be(grant.ends_on) + 1)
        form.offer(list_expense_accounts(), years)


def _part_page(public_id: str, kind: str, form: BaseForm) -> str:
    grant = queries.get_grant(public_id)
    _offer_part(form, grant)
    titles = {
        "lines": _("New budget line"),
        "instalments": _("New instalment"),
        "conditions": _("New condition"),
        "reports": _("New report"),
    }
    return render_template(
        "grants/part.html",
        form=form,
        grant=grant,
        name=kinds.grant_name(grant),
        title=titles[kind],
    )
