"""The pages of findings, and what the public is told."""

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import public, requires
from fundapp.access.permissions import Permission
from fundapp.audit.findings import operations, queries
from fundapp.audit.findings.forms import (
    AnswerForm,
    EvidenceForm,
    FindingFilter,
    FindingForm,
    ReleaseForm,
    ReopenForm,
    RetestForm,
)
from fundapp.audit.findings.models import AuditFinding
from fundapp.audit.findings.policy import OWNERS, may_answer, may_keep_findings
from fundapp.audit.findings.workflow import FindingAction, finding_actions
from fundapp.audit.views.blueprint import blueprint
from fundapp.documents.papers import open_paper
from fundapp.documents.serving import document_response
from fundapp.identity.actor_names import name_actors
from fundapp.identity.queries import list_people
from fundapp.remarks.reader import WordsReader
from fundapp.web.forms import Answer, BaseForm, redirect_with, submit


@blueprint.get("/published")
@public
def published_findings() -> str:
    """Summaries that were released."""
    return render_template(
        "audit/findings/published.html", page=queries.list_released(request.args.get("after"))
    )


@blueprint.get("/findings")
@requires(Permission.FINDING_READ)
def findings() -> tuple[str, int]:
    """Findings, the newest first."""
    form = FindingFilter(request.args)
    is_valid = form.validate()
    status = form.status.data if is_valid else ""
    page = queries.list_findings(form.member, request.args.get("after"), late=status == "late")
    body = render_template(
        "audit/findings/findings.html",
        form=form,
        status=status,
        page=page,
        is_late=queries.is_late,
        names=name_actors({finding.owner for finding in page.rows}),
        may_keep=may_keep_findings(current_actor()),
    )
    return body, 200 if is_valid else 422


@blueprint.get("/findings/new")
@requires(Permission.FINDING_KEEP)
def new_finding() -> str:
    """The form of a new finding; ``reference`` in the address is its evidence."""
    given = {"reference": request.args.get("reference", "")[:40]}
    return _new_page(FindingForm(formdata=None, data=given))


@blueprint.post("/findings/new")
@requires(Permission.FINDING_KEEP)
def write_finding() -> Answer:
    """Write it."""
    form, actor = FindingForm(), current_actor()
    form.offer(list_people(*OWNERS))
    return submit(
        form,
        lambda: (
            operations.write_finding(
                form.draft, form.paper.accepted, key=form.form_id.data or "", actor=actor
            ).number
        ),
        before=form.paper.take_in,
        done=lambda number: _to(_("The finding is written."), number),
        page=lambda: _new_page(form),
    )


@blueprint.get("/findings/<number>")
@requires(Permission.FINDING_READ)
def finding(number: str) -> str:
    """A finding with its evidence and steps, and what can be done."""
    return _page(number)


@blueprint.post("/findings/<number>/evidence")
@requires(Permission.FINDING_KEEP)
def add_evidence(number: str) -> Answer:
    """Add evidence."""
    form, actor = EvidenceForm(), current_actor()
    return submit(
        form,
        lambda: operations.add_evidence(
            number, form.reference.data or "", form.paper.accepted, actor=actor
        ),
        before=form.paper.take_in,
        done=lambda _finding: _to(_("Added."), number),
        page=lambda: _page(number, form),
    )


@blueprint.post("/findings/<number>/answer")
@requires(Permission.FINDING_ANSWER)
def answer_finding(number: str) -> Answer:
    """Write the response."""
    form, actor = AnswerForm(), current_actor()
    return submit(
        form,
        lambda: operations.answer_finding(number, form.words.value, actor=actor),
        done=lambda _finding: _to(_("The response is stored."), number),
        page=lambda: _page(number, form),
    )


@blueprint.post("/findings/<number>/retest")
@requires(Permission.FINDING_KEEP)
def retest_finding(number: str) -> Answer:
    """Close or reopen it."""
    form, actor = RetestForm(), current_actor()
    return submit(
        form,
        lambda: operations.retest_finding(
            number,
            form.words.value,
            passed=form.result.data == "pass",
            due_on=form.due_on.data,
            actor=actor,
        ),
        done=lambda _finding: _to(_("The retest is stored."), number),
        page=lambda: _page(number, form),
    )


@blueprint.post("/findings/<number>/reopen")
@requires(Permission.FINDING_KEEP)
def reopen_finding(number: str) -> Answer:
    """Open a closed one again."""
    form, actor = ReopenForm(), current_actor()
    return submit(
        form,
        lambda: operations.reopen_finding(
            number, form.words.value, due_on=form.due_on.data, actor=actor
        ),
        done=lambda _finding: _to(_("The finding is open again."), number),
        page=lambda: _page(number, form),
    )


@blueprint.post("/findings/<number>/release")
@requires(Permission.FINDING_KEEP)
def release_finding(number: str) -> Answer:
    """Publish its summary."""
    form, actor = ReleaseForm(), current_actor()
    return submit(
        form,
        lambda: operations.release_finding(number, form.summary.value, actor=actor),
        done=lambda _finding: _to(_("The summary is published."), number),
        page=lambda: _page(number, form),
    )


@blueprint.get("/findings/<number>/papers/<int:evidence>")
@requires(Permission.FINDING_READ)
def finding_paper(number: str, evidence: int) -> Response:
    """A paper among the evidence."""
    document = queries.get_paper(number, evidence)
    return document_response(document, open_paper(document))


def _to(message: str, number: str) -> Answer:
    return redirect_with(message, url_for("audit.finding", number=number))


def _new_page(form: FindingForm) -> str:
    form.offer(list_people(*OWNERS))
    return render_template("audit/findings/new.html", form=form)


def _page(number: str, form: BaseForm | None = None) -> str:
    found, actor = queries.get_finding(number), current_actor()
    return render_template(
        "audit/findings/finding.html",
        finding=found,
        is_late=queries.is_late(found),
        words=WordsReader(actor).by_digest(_digests(found)),
        names=name_actors({found.owner, found.made_by, *(step.done_by for step in found.steps)}),
        form=form,
        **_forms(found, form),
    )


def _forms(found: AuditFinding, refused: BaseForm | None) -> dict[str, BaseForm | None]:
    """The forms of what the actor can do, by name; one that was refused keeps what was typed."""
    actor, actions = current_actor(), finding_actions(found.status)
    keeps = may_keep_findings(actor)
    offered: dict[str, tuple[type[BaseForm], bool]] = {
        "answer_form": (
            AnswerForm,
            FindingAction.ANSWER in actions and may_answer(actor) and found.owner == actor.ref,
        ),
        "retest_form": (
            RetestForm,
            FindingAction.CONFIRM in actions and keeps and found.owner != actor.ref,
        ),
        "reopen_form": (ReopenForm, FindingAction.REOPEN in actions and keeps),
        "evidence_form": (EvidenceForm, FindingAction.ADD_EVIDENCE in actions and keeps),
        "release_form": (ReleaseForm, found.released_at is None and keeps),
    }
    forms: dict[str, BaseForm | None] = dict.fromkeys(offered)
    for name, (kind, is_offered) in offered.items():
        if is_offered:
            forms[name] = refused if isinstance(refused, kind) else kind(formdata=None)
    return forms


def _digests(found: AuditFinding) -> list[bytes]:
    own = [
        found.criteria_digest,
        found.condition_digest,
        found.cause_digest,
        found.effect_digest,
    ]
    return own + [step.words_digest for step in found.steps]
