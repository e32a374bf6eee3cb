"""Pages of what is proposed and what was decided."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.paging import int_key
from fundapp.proposals import operations, queries
from fundapp.proposals.models import Proposal
from fundapp.proposals.policy import may_decide_proposal, may_take_over, may_withdraw
from fundapp.proposals.registry import by_kind, compare, find_kind
from fundapp.trail import registry as trail_registry
from fundapp.trail.models import AuditEvent
from fundapp.trail.registry import Change
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit

blueprint = Blueprint("proposals", __name__)


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal with what people call it."""

    proposal: Proposal
    title: str
    subject: str


@dataclass(frozen=True, slots=True)
class CommandRow:
    """What a command did, to what, and the details, as people read them."""

    event: AuditEvent
    subject: str
    details: list[str]


@blueprint.get("/proposals")
@requires(Permission.PROPOSAL_READ)
def index() -> str:
    """What waits for a second person, what was decided, and what the command line did alone; or
    only what waits for the viewer.
    """
    has_second = queries.has_two_administrators()
    if request.args.get("state") == "waiting":
        waiting = queries.list_waiting_proposals(current_actor())
        return render_template(
            "proposals/index.html", waiting=_rows(waiting), has_second=has_second
        )
    waiting = queries.list_open_proposals()
    page = queries.list_decided_proposals(int_key(request.args.get("after")))
    rows = _rows([*waiting, *page.rows])
    events = queries.list_command_events(after=int_key(request.args.get("command")))
    return render_template(
        "proposals/index.html",
        waiting=rows[: len(waiting)],
        decided=rows[len(waiting) :],
        page=page,
        events=events,
        command_rows=_command_rows(events.rows),
        has_second=has_second,
    )


@blueprint.get("/proposals/<public_id>")
@requires(Permission.PROPOSAL_READ)
def show(public_id: str) -> str:
    """One proposal: before and after, and what the viewer may do with it."""
    return _page(public_id, ButtonForm())


@blueprint.post("/proposals/<public_id>/take-over")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def take_over(public_id: str) -> Answer:
    """Become the proposer of what a command proposed."""
    return _submit(
        public_id,
        operations.take_over_proposal,
        _("You propose this now. Another person confirms."),
    )


@blueprint.post("/proposals/<public_id>/confirm")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def confirm(public_id: str) -> Answer:
    """Confirm it; it holds at once."""
    return _submit(public_id, operations.confirm_proposal, _("It is confirmed and holds from now."))


@blueprint.post("/proposals/<public_id>/refuse")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def refuse(public_id: str) -> Answer:
    """Refuse it."""
    return _submit(public_id, operations.refuse_proposal, _("It is refused. Nothing is changed."))


@blueprint.post("/proposals/<public_id>/withdraw")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def withdraw(public_id: str) -> Answer:
    """Take back what one proposed oneself."""
    return _submit(
        public_id, operations.withdraw_proposal, _("It is withdrawn. Nothing is changed.")
    )


def _submit(public_id: str, operation: Callable[..., Proposal], message: str) -> Answer:
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operation(public_id, actor=actor),
        done=lambda proposal: redirect_with(
            message, url_for("proposals.show", public_id=proposal.public_id)
        ),
        page=lambda: _page(public_id, form),
    )


def _page(public_id: str, form: ButtonForm) -> str:
    viewer = current_actor()
    proposal = queries.get_proposal(public_id, viewer=viewer)
    kind = find_kind(proposal.kind)
    is_own = proposal.proposed_by_id is not None and proposal.proposed_by_id == viewer.user_id
    may_decide = proposal.is_open and may_decide_proposal(viewer, kind) and not is_own
    return render_template(
        "proposals/show.html",
        form=form,
        row=ProposalRow(proposal, _(kind.title), kind.subject_label(proposal.subject)),
        proposal=proposal,
        links=kind.links(proposal.after),
        changes=compare(*kind.rows_of([proposal.before, proposal.after])),
        has_expired=queries.has_expired(proposal),
        may_take_over=proposal.is_open and may_take_over(viewer, kind, proposal),
        may_confirm=may_decide and proposal.proposed_by_id is not None,
        may_refuse=may_decide,
        may_withdraw=proposal.is_open and may_withdraw(viewer, proposal),
        has_second=queries.has_two_administrators(),
    )


def _rows(proposals: Sequence[Proposal]) -> list[ProposalRow]:
    """The proposals in their order: each kind is asked once for what it changes."""
    rows = {}
    for kind, each in by_kind(proposals):
        title = _(kind.title)
        labels = kind.subject_labels({proposal.subject for proposal in each})
        for proposal in each:
            subject = labels.get(proposal.subject, proposal.subject)
            rows[proposal.id] = ProposalRow(proposal, title, subject)
    return [rows[proposal.id] for proposal in proposals]


def _command_rows(events: Sequence[AuditEvent]) -> list[CommandRow]:
    """The events in their order, in the words of the trail: each kind of thing is asked once."""
    grouped: dict[str, list[AuditEvent]] = defaultdict(list)
    for event in events:
        grouped[event.subject_type].append(event)
    rows = {row.event.id: row for name, each in grouped.items() for row in _of_kind(name, each)}
    return [rows[event.id] for event in events]


def _of_kind(name: str, events: Sequence[AuditEvent]) -> Iterable[CommandRow]:
    kind = trail_registry.find_kind(name)
    if kind is None:
        return [CommandRow(event, event.subject_ref, [event.note]) for event in events]
    things = kind.find({event.subject_ref for event in events}, current_actor())
    notes, changes = kind.notes(events), kind.changes(events)
    return [
        CommandRow(
            event,
            things[event.subject_ref].name if event.subject_ref in things else event.subject_ref,
            _details(notes.get(event.id, ""), changes.get(event.id, ())),
        )
        for event in events
    ]


def _details(note: str, changes: Iterable[Change]) -> list[str]:
    written = [f"{label}: {before or '–'} → {after or '–'}" for label, before, after in changes]
    return [note, *written] if note else written
