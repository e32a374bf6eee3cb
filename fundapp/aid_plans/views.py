"""Plans of aid in instalments, what shows that conditions hold, waivers, and the conditions."""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.aid_plans import operations, queries
from fundapp.aid_plans.forms import AidRulesForm, FactForm, InstalmentsForm, WaiverForm
from fundapp.aid_plans.kinds import aid_rules_subject, aid_rules_values
from fundapp.aid_plans.models import AidInstalment, AidPlan, AidTermKind
from fundapp.aid_plans.operations import RULES_TYPE
from fundapp.aid_plans.policy import (
    OPEN_STATES,
    approved_together,
    may_agree_to_waiver,
    may_approve_plan,
    may_decide_fact,
    may_propose_aid_rules,
    may_record_fact,
    may_waive,
    waiting_version,
)
from fundapp.db import unit_of_reading
from fundapp.disbursements.models import DisbursementRequest
from fundapp.disbursements.queries import get_request, has_handed_on, shown_parts
from fundapp.documents.serving import document_response
from fundapp.errors import NotFoundError
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations import make_proposal
from fundapp.web.forms import Answer, BaseForm, ButtonForm, choices, redirect_with, submit

blueprint = Blueprint("aid_plans", __name__)

#: From so many instalments on, one button approves them together.
_TOGETHER = 2


@dataclass(frozen=True, slots=True)
class PlanRow:
    """An instalment with its conditions, and what of them the viewer may decide."""

    part: AidInstalment
    states: list[queries.TermState]
    may_decide: frozenset[int]
    may_agree: frozenset[AidTermKind]
    papers_shown: bool

    @classmethod
    def of(cls, part: AidInstalment, viewer: Actor) -> "PlanRow":
        """The row of an instalment: ids of facts to decide, kinds of waivers to agree to."""
        return cls(
            part,
            queries.term_states(part),
            frozenset(each.id for each in part.facts if may_decide_fact(viewer, part, each)),
            frozenset(
                each.kind for each in part.waivers if may_agree_to_waiver(viewer, part, each)
            ),
            shown_parts(viewer, part.request, clock.today()).reason,
        )


@dataclass(frozen=True, slots=True)
class PlanApproval:
    """What one button approves beside the decision on an instalment."""

    plan: AidPlan
    numbers: list[int]
    satang: int
    form: ButtonForm


def find_approval(request: DisbursementRequest) -> PlanApproval | None:
    """What the viewer may approve together with this instalment, which is alike."""
    part = queries.find_instalment(request)
    if part is None or not may_approve_plan(current_actor(), part.plan):
        return None
    parts = approved_together(part.plan)
    if part not in parts or len(parts) < _TOGETHER:
        return None
    return PlanApproval(
        part.plan,
        [each.number for each in parts],
        sum(each.request.total_satang for each in parts),
        ButtonForm(formdata=None, data={"version": waiting_version(part.plan)}),
    )


@blueprint.get("/aid-plans")
@requires(Permission.DISBURSEMENT_READ)
def index() -> str:
    """Instalments by day; ``?state=held``: those near their day that a condition holds."""
    held = request.args.get("state") == "held"
    viewer = current_actor()
    page = queries.list_instalments(viewer, held=held, after=request.args.get("after"))
    return render_template(
        "aid_plans/index.html",
        page=page,
        is_held=held,
        may_read_rules=viewer.can(Permission.JOURNAL_READ),
    )


@blueprint.get("/aid-plans/new/<request_id>")
@requires(Permission.DISBURSEMENT_REQUEST)
def new(request_id: str) -> str:
    """The form by which a request is paid in instalments."""
    version = get_request(request_id, viewer=current_actor()).version
    data = {"version": version, "first_on": clock.today(), "months": 1}
    return _split_page(request_id, InstalmentsForm(formdata=None, data=data))


@blueprint.post("/aid-plans/new/<request_id>")
@requires(Permission.DISBURSEMENT_REQUEST)
@fresh_factor
def split(request_id: str) -> Answer:
    """Make the instalments."""
    form, actor = InstalmentsForm(), current_actor()
    return submit(
        form,
        lambda: operations.split_request(
            request_id, form.draft(), version=form.version_number, actor=actor
        ),
        done=_to_plan,
        page=lambda: _split_page(request_id, form),
    )


@blueprint.get("/aid-plans/<public_id>")
@requires(Permission.DISBURSEMENT_READ)
def show(public_id: str) -> str:
    """A plan with its instalments and what each waits for."""
    return _page(public_id)


@blueprint.post("/aid-plans/<public_id>/approve")
@requires(Permission.DISBURSEMENT_DECIDE)
@fresh_factor
def approve(public_id: str) -> Answer:
    """Approve all instalments that wait alike, from the page of one of them."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.approve_plan(public_id, version=form.version.data or "", actor=actor),
        done=_to_plan,
        page=lambda: _page(public_id, form),
    )


@blueprint.post("/aid-plans/<public_id>/<request_id>/fact")
@requires(Permission.DISBURSEMENT_PROVE)
def record_fact(public_id: str, request_id: str) -> Answer:
    """Record what shows that a condition holds."""
    form, actor = FactForm(), current_actor()

    def work() -> AidPlan:
        operations.record_fact(
            request_id,
            form.kind.value,
            percent=form.percent.data,
            paper=form.paper.accepted,
            actor=actor,
        )
        return queries.get_plan(public_id, viewer=actor)

    return submit(
        form,
        work,
        before=form.paper.take_in,
        done=_to_plan,
        page=lambda: _page(public_id, form),
    )


@blueprint.post("/aid-plans/<public_id>/facts/<fact_id>/<answer>")
@requires(Permission.PLAN_AGREE)
def decide_fact(public_id: str, fact_id: str, answer: str) -> Answer:
    """Accept it, or not."""
    form, actor = ButtonForm(), current_actor()
    if answer not in ("accept", "refuse"):
        raise NotFoundError

    def work() -> AidPlan:
        operations.decide_fact(fact_id, accept=answer == "accept", actor=actor)
        return queries.get_plan(public_id, viewer=actor)

    return submit(form, work, done=_to_plan, page=lambda: _page(public_id, form))


@blueprint.post("/aid-plans/<public_id>/<request_id>/waive")
@requires(Permission.DISBURSEMENT_DECIDE)
@fresh_factor
def waive(public_id: str, request_id: str) -> Answer:
    """Ask that the instalment is paid without a condition."""
    form, actor = WaiverForm(), current_actor()

    def work() -> AidPlan:
        operations.waive_term(request_id, form.term.value, form.reason.value, actor=actor)
        return queries.get_plan(public_id, viewer=actor)

    return submit(form, work, done=_to_plan, page=lambda: _page(public_id, form))


@blueprint.post("/aid-plans/<public_id>/<request_id>/agree/<kind>")
@requires(Permission.DISBURSEMENT_DECIDE)
@fresh_factor
def agree(public_id: str, request_id: str, kind: str) -> Answer:
    """Agree to that as a second approver."""
    form, actor = ButtonForm(), current_actor()
    chosen = next((each for each in AidTermKind if each.value == kind), None)
    if chosen is None:
        raise NotFoundError

    def work() -> AidPlan:
        operations.agree_to_waiver(request_id, chosen, actor=actor)
        return queries.get_plan(public_id, viewer=actor)

    return submit(form, work, done=_to_plan, page=lambda: _page(public_id, form))


@blueprint.get("/aid-plans/papers/<fact_id>")
@requires(Permission.DISBURSEMENT_READ)
def paper(fact_id: str) -> Response:
    """The paper that shows that a condition holds."""
    actor = current_actor()
    document, content = unit_of_reading(operations.read_fact_paper, fact_id, actor=actor)
    return document_response(document, content)


@blueprint.get("/aid-plans/rules")
@requires(Permission.JOURNAL_READ)
def rules() -> str:
    """The conditions of all needs, those that begin later first."""
    all_rules, today = queries.list_aid_rules(), clock.today()
    begun = [each for each in reversed(all_rules) if each.starts_on <= today]
    return render_template(
        "aid_plans/rules.html",
        all_rules=all_rules,
        in_force=list({each.need: each.id for each in begun}.values()),
        today=today,
        may_propose=may_propose_aid_rules(current_actor()),
    )


@blueprint.get("/aid-plans/rules/new")
@requires(Permission.HOUSE_CONFIRM)
def new_rules() -> str:
    """The form of conditions."""
    return _rules_page(AidRulesForm(formdata=None))


@blueprint.post("/aid-plans/rules/new")
@requires(Permission.HOUSE_CONFIRM)
@fresh_factor
def propose_rules() -> Answer:
    """Propose them."""
    form, actor = AidRulesForm(), current_actor()

    def work() -> Proposal:
        draft = form.draft()
        values = dict(aid_rules_values(draft))
        return make_proposal(RULES_TYPE, aid_rules_subject(draft), values, actor=actor)

    return submit(form, work, done=_proposed, page=lambda: _rules_page(form))


def _proposed(proposal: Proposal) -> Answer:
    return redirect_with(
        _("Proposed. It is in force when an administrator has confirmed it."),
        url_for("proposals.show", public_id=proposal.public_id),
    )


def _to_plan(plan: AidPlan) -> Answer:
    return redirect_with(_("Stored."), url_for("aid_plans.show", public_id=plan.public_id))


def _split_page(request_id: str, form: InstalmentsForm) -> str:
    asked = get_request(request_id, viewer=current_actor())
    conditions = queries.find_aid_rules(asked.need, clock.today())
    return render_template("aid_plans/new.html", form=form, asked=asked, rules=conditions)


def _rules_page(form: AidRulesForm) -> str:
    return render_template("aid_plans/new_rules.html", form=form)


def _page(public_id: str, refused: BaseForm | None = None) -> str:
    """The plan. The forms are for the next instalment that a condition holds; a refused one stands
    in the place of its own.
    """
    actor = current_actor()
    plan = queries.get_plan(public_id, viewer=actor)
    rows = [PlanRow.of(part, actor) for part in plan.instalments]
    waiting = (row for row in rows if row.part.request.status in OPEN_STATES)
    following = next((row for row in waiting if any(each.holds for each in row.states)), None)
    fact, waiver = _forms(following, actor) if following else (None, None)
    return render_template(
        "aid_plans/show.html",
        plan=plan,
        rows=rows,
        following=following,
        fact_form=refused if isinstance(refused, FactForm) else fact,
        waiver_form=refused if isinstance(refused, WaiverForm) else waiver,
        refused=refused if isinstance(refused, ButtonForm) else None,
        reasons=unit_of_reading(operations.read_waiver_reasons, public_id, actor=actor),
        to_decide=_to_decide(plan, actor),
        button=ButtonForm(formdata=None),
    )


def _to_decide(plan: AidPlan, actor: Actor) -> str | None:
    """The request from whose page the actor can approve all instalments."""
    if not may_approve_plan(actor, plan):
        return None
    return approved_together(plan)[0].request.public_id


def _forms(row: PlanRow, actor: Actor) -> tuple[FactForm | None, WaiverForm | None]:
    """What the actor may record, and which condition waive, of this instalment."""
    open_terms = [state for state in row.states if state.holds]
    provable = [
        state.kind
        for state in open_terms
        if state.waiting is None and state.kind is not AidTermKind.PROOF
    ]
    waivable = [state.kind for state in open_terms if state.waiver is None]
    fact = waiver = None
    is_left = has_handed_on(actor, row.part.request)
    if provable and may_record_fact(actor, row.part) and not is_left:
        fact = FactForm(formdata=None)
        fact.kind.choices = choices(provable, blank=_("Choose a condition"))
    if waivable and may_waive(actor, row.part):
        waiver = WaiverForm(formdata=None)
        waiver.term.choices = choices(waivable, blank=_("Choose a condition"))
    return fact, waiver
