"""Pages of petty cash and advances."""

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import OFFICE_ROLES, Permission
from fundapp.advances import kinds, queries
from fundapp.advances.drafts import ClearingDraft
from fundapp.advances.forms import AdvanceForm, ClearingForm
from fundapp.advances.operations import SOURCE_TYPE
from fundapp.advances.policy import may_propose_advance
from fundapp.documents.operations import store_document
from fundapp.documents.papers import open_paper
from fundapp.documents.queries import get_document
from fundapp.documents.serving import document_response
from fundapp.identity.queries import list_people
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.kinds import account_labels
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations import make_proposal
from fundapp.proposals.queries import find_open_proposal, find_open_proposals
from fundapp.web.forms import Answer, redirect_with, submit

blueprint = Blueprint("advances", __name__)


@blueprint.get("/advances")
@requires(Permission.JOURNAL_READ)
def index() -> str:
    """Who holds cash of the fund and until when, and what was cleared; ``?state=overdue``: only
    what is past its clearing date.
    """
    actor, today = current_actor(), clock.today()
    is_overdue = request.args.get("state") == "overdue"
    return render_template(
        "advances/index.html",
        open_advances=queries.list_open_advances(overdue_on=today if is_overdue else None),
        page=None if is_overdue else queries.list_cleared_advances(request.args.get("after")),
        is_overdue=is_overdue,
        today=today,
        waiting=find_open_proposals(kinds.CLEARING),
        may_propose=may_propose_advance(actor),
    )


@blueprint.get("/advances/new")
@requires(Permission.HOUSE_PROPOSE)
def new() -> str:
    """The form of an advance."""
    return _new_page(AdvanceForm(formdata=None))


@blueprint.post("/advances/new")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def propose_new() -> Answer:
    """Propose it."""
    form, actor = AdvanceForm(), current_actor()
    _offer(form)

    def work() -> Proposal:
        draft = form.draft
        subject = kinds.advance_subject(draft.fund_code, draft.holder)
        return make_proposal(kinds.ADVANCE, subject, kinds.advance_values(draft), actor=actor)

    return submit(form, work, done=_proposed, page=lambda: _new_page(form))


@blueprint.get("/advances/<public_id>")
@requires(Permission.JOURNAL_READ)
def show(public_id: str) -> str:
    """An advance: who holds it, until when, and how it was cleared."""
    return _shown_page(public_id, ClearingForm(formdata=None))


@blueprint.post("/advances/<public_id>/clear")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def propose_clearing(public_id: str) -> Answer:
    """Propose how it is cleared, with the papers."""
    form, actor = ClearingForm(), current_actor()

    def work() -> Proposal:
        document = ""
        if form.paper.accepted is not None:
            stored = store_document(
                form.paper.accepted, subject_type=SOURCE_TYPE, subject_ref=public_id, actor=actor
            )
            document = stored.document.public_id
        draft = ClearingDraft(public_id, form.spent.value, document)
        return make_proposal(kinds.CLEARING, public_id, kinds.clearing_values(draft), actor=actor)

    return submit(
        form,
        work,
        before=form.paper.take_in,
        done=_proposed,
        page=lambda: _shown_page(public_id, form),
    )


@blueprint.get("/advances/papers/<document_id>")
@requires(Permission.JOURNAL_READ)
def paper(document_id: str) -> Response:
    """The papers of what was spent."""
    document = get_document(SOURCE_TYPE, document_id)
    return document_response(document, open_paper(document))


def _proposed(proposal: Proposal) -> Answer:
    return redirect_with(
        _("Proposed. Nothing is booked before an administrator confirms it."),
        url_for("proposals.show", public_id=proposal.public_id),
    )


def _offer(form: AdvanceForm) -> None:
    form.offer(list_people(*OFFICE_ROLES), queries.list_advance_funds(), account_labels())


def _new_page(form: AdvanceForm) -> str:
    _offer(form)
    return render_template("advances/new.html", form=form)


def _shown_page(public_id: str, form: ClearingForm) -> str:
    advance = queries.get_advance(public_id)
    return render_template(
        "advances/show.html",
        advance=advance,
        form=form,
        today=clock.today(),
        accounts=account_labels(),
        entry_number=entry_number,
        waiting=find_open_proposal(kinds.CLEARING, public_id),
        may_propose=may_propose_advance(current_actor()),
    )
