"""Pages of the committee: its orders, its meetings, and what is told to everybody."""

from collections.abc import Callable

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, public, requires
from fundapp.access.permissions import Permission, Role
from fundapp.committee import kinds, operations, queries
from fundapp.committee.endorsing import amount_of_rule
from fundapp.committee.forms import (
    AgendaForm,
    CommitteeRuleForm,
    InterestForm,
    MeetingForm,
    OrderForm,
    VoteForm,
)
from fundapp.committee.minutes import minutes_pdf
from fundapp.committee.models import CommitteeItem, CommitteeMeeting, MeetingStatus
from fundapp.committee.policy import may_keep, may_propose_order, may_propose_rule, may_vote
from fundapp.committee.steps import get_item, recused_of, seat_of, voters_of
from fundapp.db import unit_of_reading
from fundapp.disbursements.models import RequestStatus
from fundapp.disbursements.operations import read_briefing
from fundapp.disbursements.operations.briefings import Briefing
from fundapp.disbursements.policy import may_decide
from fundapp.disbursements.queries import AccountWarning, find_account_warnings
from fundapp.documents.operations import store_document
from fundapp.documents.papers import open_paper
from fundapp.documents.queries import get_document
from fundapp.documents.serving import document_response
from fundapp.errors import NotFoundError
from fundapp.identity.queries import list_people
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations import make_proposal
from fundapp.web.downloads import file_download
from fundapp.web.forms import Answer, BaseForm, ButtonForm, redirect_with, submit

blueprint = Blueprint("committee", __name__)


@blueprint.get("/committee")
@requires(Permission.COMMITTEE_READ)
def index() -> str:
    """The order in force with its members, and the meetings."""
    actor = current_actor()
    return render_template(
        "committee/index.html",
        order=queries.find_order(clock.today()),
        page=queries.list_meetings(request.args.get("after")),
        may_keep=may_keep(actor),
        may_propose=may_propose_order(actor),
        rule=queries.find_rule(clock.today()),
        rules=queries.list_rules(),
        may_propose_rule=may_propose_rule(actor),
    )


@blueprint.get("/committee/orders/new")
@requires(Permission.HOUSE_PROPOSE)
def new_order() -> str:
    """The form of an appointment order."""
    return _order_page(OrderForm(formdata=None))


@blueprint.post("/committee/orders/new")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def propose_order() -> Answer:
    """Propose it."""
    form, actor = OrderForm(), current_actor()
    form.offer(list_people(Role.APPROVER))

    def work() -> Proposal:
        if form.paper.accepted is None:
            raise ValueError("the form was not validated")
        stored = store_document(
            form.paper.accepted,
            subject_type=operations.SOURCE_TYPE,
            subject_ref=form.number.value,
            actor=actor,
        )
        draft = form.draft(stored.document.public_id)
        values = dict(kinds.order_values(draft))
        return make_proposal(kinds.ORDER, draft.number, values, actor=actor)

    return submit(
        form, work, before=form.paper.take_in, done=_proposed, page=lambda: _order_page(form)
    )


@blueprint.get("/committee/rules/new")
@requires(Permission.HOUSE_CONFIRM)
def new_rule() -> str:
    """The form of the amount from which on requests need a resolution."""
    return render_template("committee/new_rule.html", form=CommitteeRuleForm(formdata=None))


@blueprint.post("/committee/rules/new")
@requires(Permission.HOUSE_CONFIRM)
@fresh_factor
def propose_rule() -> Answer:
    """Propose it."""
    form, actor = CommitteeRuleForm(), current_actor()

    def work() -> Proposal:
        values = dict(kinds.rule_values(form.from_satang.value))
        return make_proposal(kinds.RULE, form.starts_on.value.isoformat(), values, actor=actor)

    return submit(
        form,
        work,
        done=_proposed,
        page=lambda: render_template("committee/new_rule.html", form=form),
    )


@blueprint.get("/committee/papers/<document_id>")
@requires(Permission.COMMITTEE_READ)
def paper(document_id: str) -> Response:
    """The signed order."""
    document = get_document(operations.SOURCE_TYPE, document_id)
    return document_response(document, open_paper(document))


@blueprint.get("/committee/meetings/new")
@requires(Permission.COMMITTEE_KEEP)
def new_meeting() -> str:
    """The form of a meeting."""
    return render_template("committee/new_meeting.html", form=MeetingForm(formdata=None))


@blueprint.post("/committee/meetings/new")
@requires(Permission.COMMITTEE_KEEP)
def plan_meeting() -> Answer:
    """Plan it."""
    form, actor = MeetingForm(), current_actor()
    return submit(
        form,
        lambda: operations.plan_meeting(form.draft, actor=actor, key=str(form.form_id.data)),
        done=lambda meeting: _to(meeting.public_id, _("Planned. Choose the requests now.")),
        page=lambda: render_template("committee/new_meeting.html", form=form),
    )


@blueprint.get("/committee/meetings/<public_id>")
@requires(Permission.COMMITTEE_READ)
def meeting(public_id: str) -> str:
    """A meeting: agenda, attendance, votes and resolutions, and what the viewer does now."""
    return _meeting_page(public_id)


@blueprint.get("/committee/meetings/<public_id>/minutes.pdf")
@requires(Permission.COMMITTEE_READ)
def minutes(public_id: str) -> Response:
    """The minutes of a closed meeting."""
    found = queries.get_meeting(public_id)
    if found.status is not MeetingStatus.CLOSED:
        raise NotFoundError
    name = f"minutes-{found.fiscal_year}-{found.number}.pdf"
    return file_download(name, "application/pdf", minutes_pdf(found))


@blueprint.post("/committee/meetings/<public_id>/items")
@requires(Permission.COMMITTEE_KEEP)
def add_items(public_id: str) -> Answer:
    """Put requests on the agenda."""
    form, actor = AgendaForm(), current_actor()
    form.take()

    def work() -> CommitteeMeeting:
        return operations.add_items(public_id, form.requests.data or [], actor=actor)

    return _do(form, public_id, work, _("The requests are on the agenda."))


@blueprint.post("/committee/meetings/<public_id>/open")
@requires(Permission.COMMITTEE_KEEP)
def open_meeting(public_id: str) -> Answer:
    """Open it."""
    actor = current_actor()

    def work() -> object:
        return operations.open_meeting(public_id, actor=actor)

    return _do(ButtonForm(), public_id, work, _("The meeting is open."))


@blueprint.post("/committee/meetings/<public_id>/cancel")
@requires(Permission.COMMITTEE_KEEP)
def cancel_meeting(public_id: str) -> Answer:
    """Cancel it."""
    actor = current_actor()

    def work() -> object:
        return operations.cancel_meeting(public_id, actor=actor)

    return _do(ButtonForm(), public_id, work, _("Cancelled. The requests wait again."))


@blueprint.post("/committee/meetings/<public_id>/attendance")
@requires(Permission.COMMITTEE_KEEP)
def attend(public_id: str) -> Answer:
    """Who sits on which seat."""
    actor = current_actor()
    present = {
        int(name.removeprefix("seat-")): value
        for name, value in request.form.items()
        if name.removeprefix("seat-") in {"1", "2", "3", "4", "5", "6", "7", "8", "9"}
    }

    def work() -> object:
        return operations.record_attendance(public_id, present, actor=actor)

    return _do(ButtonForm(), public_id, work, _("The attendance is recorded."))


@blueprint.get("/committee/meetings/<public_id>/items/<item_id>")
@requires(Permission.COMMITTEE_READ)
def item(public_id: str, item_id: str) -> str:
    """An item of the agenda: what was declared and voted, and the forms of a member."""
    return _item_page(public_id, item_id)


@blueprint.post("/committee/meetings/<public_id>/items/<item_id>/declare")
@requires(Permission.COMMITTEE_VOTE)
@fresh_factor
def declare(public_id: str, item_id: str) -> Answer:
    """Declare an interest."""
    form, actor = InterestForm(), current_actor()

    def work() -> CommitteeMeeting:
        interest = form.interest.value
        return operations.declare_interest(public_id, item_id, interest, actor=actor)

    return submit(
        form,
        work,
        done=lambda _done: _to(public_id, _("Declared. You have no vote on this item.")),
        page=lambda: _item_page(public_id, item_id, interest=form),
    )


@blueprint.post("/committee/meetings/<public_id>/items/<item_id>/vote")
@requires(Permission.COMMITTEE_VOTE)
@fresh_factor
def vote(public_id: str, item_id: str) -> Answer:
    """The own vote."""
    form, actor = VoteForm(), current_actor()

    def work() -> CommitteeMeeting:
        return operations.cast_vote(public_id, item_id, form.ballot.value, actor=actor)

    return submit(
        form,
        work,
        done=lambda _done: _to(public_id, _("Your vote is recorded.")),
        page=lambda: _item_page(public_id, item_id, vote=form),
    )


@blueprint.post("/committee/meetings/<public_id>/items/<item_id>/count")
@requires(Permission.COMMITTEE_KEEP)
def count(public_id: str, item_id: str) -> Answer:
    """Count the votes."""
    actor = current_actor()

    def work() -> object:
        return operations.count_votes(public_id, item_id, actor=actor)

    return _do(ButtonForm(), public_id, work, _("Counted. The resolution has its number."))


@blueprint.post("/committee/meetings/<public_id>/close")
@requires(Permission.COMMITTEE_KEEP)
def close_meeting(public_id: str) -> Answer:
    """Close it."""
    actor = current_actor()

    def work() -> object:
        return operations.close_meeting(public_id, actor=actor)

    return _do(ButtonForm(), public_id, work, _("Closed. The minutes can be printed and signed."))


@blueprint.get("/committee/resolutions")
@public
def resolutions() -> str:
    """What the committee resolved, for everybody: no child, no payee, no small group."""
    page = queries.list_public_resolutions(request.args.get("after"))
    counts = queries.count_children({row.item.request_id for row in page.rows})
    return render_template("committee/resolutions.html", page=page, counts=counts)


def _proposed(proposal: Proposal) -> Answer:
    return redirect_with(
        _("Proposed. It is in force when an administrator has confirmed it."),
        url_for("proposals.show", public_id=proposal.public_id),
    )


def _to(public_id: str, message: str) -> Answer:
    return redirect_with(message, url_for("committee.meeting", public_id=public_id))


def _do(form: BaseForm, public_id: str, work: Callable[[], object], message: str) -> Answer:
    """Carry out a form of the meeting's page; a refusal is shown at the top of that page."""
    return submit(
        form,
        work,
        done=lambda _done: _to(public_id, message),
        page=lambda: _meeting_page(public_id, form),
    )


def _order_page(form: OrderForm) -> str:
    form.offer(list_people(Role.APPROVER))
    return render_template("committee/new_order.html", form=form)


def _meeting_page(public_id: str, sent: BaseForm | None = None) -> str:
    actor, found = current_actor(), queries.get_meeting(public_id)
    keeps = may_keep(actor)
    is_planned = found.status is MeetingStatus.PLANNED
    waiting = queries.list_waiting_requests() if keeps and is_planned else []
    agenda = sent if isinstance(sent, AgendaForm) else AgendaForm(formdata=None)
    agenda.offer(waiting)
    asked = {each.request_id for each in found.items} | {each.id for each in waiting}
    return render_template(
        "committee/meeting.html",
        meeting=found,
        counts=queries.count_children(asked),
        waiting={each.public_id: each for each in waiting},
        agenda=agenda,
        seated={sits.seat: sits for sits in found.attendances},
        needing={each.id for each in waiting if amount_of_rule(each) is not None},
        pending={each.id: _pending(each, found) for each in found.items},
        recused={each.id: recused_of(each, found) for each in found.items},
        user_id=actor.user_id,
        seat=_seat_of(found),
        keeps=keeps,
        sent=sent,
        button_=ButtonForm(formdata=None),
    )


def _item_page(
    public_id: str,
    item_id: str,
    *,
    vote: VoteForm | None = None,
    interest: InterestForm | None = None,
) -> str:
    actor, found = current_actor(), queries.get_meeting(public_id)
    wanted = get_item(found, item_id)
    is_mine = _seat_of(found) is not None and actor.user_id in voters_of(wanted, found)
    has_voted = any(each.user_id == actor.user_id for each in wanted.votes)
    is_open = found.status is MeetingStatus.OPEN and wanted.resolution is None
    briefing = _briefing(wanted) if is_mine and is_open and not has_voted else None
    return render_template(
        "committee/item.html",
        meeting=found,
        item=wanted,
        children=queries.count_children({wanted.request_id}).get(wanted.request_id, 0),
        recused=recused_of(wanted, found),
        may_vote=is_mine and is_open and not has_voted,
        vote=vote or VoteForm(formdata=None),
        interest=interest or InterestForm(formdata=None),
        reads_requests=actor.can(Permission.DISBURSEMENT_READ),
        briefing=briefing,
        account_warnings=_account_warnings(wanted) if briefing else [],
    )


def _briefing(wanted: CommitteeItem) -> Briefing | None:
    """What lies beside the vote of a member who may decide on the request."""
    request, actor = wanted.request, current_actor()
    if request.status is not RequestStatus.SUBMITTED or not may_decide(actor, request):
        return None
    return unit_of_reading(read_briefing, request.public_id, actor=actor)


def _account_warnings(wanted: CommitteeItem) -> list[AccountWarning]:
    return sorted(find_account_warnings([wanted.request_id]).get(wanted.request_id, ()))


def _pending(item: CommitteeItem, found: CommitteeMeeting) -> frozenset[int]:
    """Whose votes are missing."""
    return voters_of(item, found) - {vote.user_id for vote in item.votes}


def _seat_of(found: CommitteeMeeting) -> int | None:
    actor = current_actor()
    return seat_of(found, actor.person_id) if may_vote(actor) else None
