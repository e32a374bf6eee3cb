"""What becomes of conditions and reports of a grant that runs."""

from flask import render_template, url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.grants import kinds, operations, queries
from fundapp.grants.forms import MeetForm, ReportReturnForm, SendForm
from fundapp.grants.models import GrantCondition, GrantReport
from fundapp.grants.views.blueprint import blueprint
from fundapp.grants.workflow import report_actions
from fundapp.web.filters import label
from fundapp.web.forms import Answer, BaseForm, ButtonForm, redirect_with, submit


@blueprint.get("/conditions/<public_id>")
@requires(Permission.GRANT_READ)
def condition(public_id: str) -> str:
    """One condition, with the form of its evidence."""
    return _condition_page(public_id, MeetForm(formdata=None, data={"met_on": clock.today()}))


@blueprint.post("/conditions/<public_id>/meet")
@requires(Permission.GRANT_KEEP)
def meet(public_id: str) -> Answer:
    """Note that it is met."""
    form, actor = MeetForm(), current_actor()

    def work() -> str:
        done = operations.meet_condition(
            public_id, met_on=form.met_on.value, paper=form.paper.accepted, actor=actor
        )
        return done.grant.public_id

    return submit(
        form,
        work,
        before=form.paper.take_in,
        done=lambda grant_id: redirect_with(
            _("The condition is met."), url_for("grants.show", public_id=grant_id)
        ),
        page=lambda: _condition_page(public_id, form),
    )


@blueprint.get("/reports/<public_id>")
@requires(Permission.GRANT_READ)
def report(public_id: str) -> str:
    """One report: its figures now and as they were sent, and what can be done."""
    return _report_page(public_id)


@blueprint.post("/reports/<public_id>/send")
@requires(Permission.GRANT_KEEP)
def send(public_id: str) -> Answer:
    """Note that it was sent."""
    form, actor = SendForm(), current_actor()

    def work() -> GrantReport:
        return operations.send_report(
            public_id, sent_on=form.sent_on.value, paper=form.paper.accepted, actor=actor
        )

    return submit(
        form,
        work,
        before=form.paper.take_in,
        done=lambda _report: _to_report(_("The report is noted as sent."), public_id),
        page=lambda: _report_page(public_id, form),
    )


@blueprint.post("/reports/<public_id>/accept")
@requires(Permission.GRANT_KEEP)
def accept(public_id: str) -> Answer:
    """Note that the grantor accepted it."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.accept_report(public_id, actor=actor),
        done=lambda _report: _to_report(_("The report is accepted."), public_id),
        page=lambda: _report_page(public_id, form),
    )


@blueprint.post("/reports/<public_id>/return")
@requires(Permission.GRANT_KEEP)
def return_(public_id: str) -> Answer:
    """Note that the grantor returned it."""
    form, actor = ReportReturnForm(), current_actor()
    return submit(
        form,
        lambda: operations.return_report(public_id, reason=form.reason.value, actor=actor),
        done=lambda _report: _to_report(_("The report is to be sent again."), public_id),
        page=lambda: _report_page(public_id, form),
    )


def _to_report(message: str, public_id: str) -> Answer:
    return redirect_with(message, url_for("grants.report", public_id=public_id))


def _condition_page(public_id: str, form: BaseForm) -> str:
    found: GrantCondition = queries.get_condition(public_id)
    return render_template(
        "grants/condition.html",
        condition=found,
        grant=found.grant,
        name=kinds.grant_name(found.grant),
        form=form,
        paper=queries.find_paper(found.document_id),
        may_meet=found.met_on is None
        and queries.takes_reports(found.grant)
        and current_actor().can(Permission.GRANT_KEEP),
    )


def _report_page(public_id: str, form: BaseForm | None = None) -> str:
    file = queries.get_report_file(public_id)
    grant = file.report.grant
    may_keep = queries.takes_reports(grant) and current_actor().can(Permission.GRANT_KEEP)
    send_form = form if isinstance(form, SendForm) else SendForm(formdata=None)
    return render_template(
        "grants/report.html",
        file=file,
        report=file.report,
        grant=grant,
        name=kinds.grant_name(grant),
        form=form,
        send_form=send_form,
        return_form=form if isinstance(form, ReportReturnForm) else ReportReturnForm(formdata=None),
        actions=report_actions(file.report.status) if may_keep else frozenset(),
        reason=label(file.report.return_reason) if file.report.return_reason else "",
    )
