"""Payments drawn for call-backs, the form of a call, overdue proofs, and the rules of both."""

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.callbacks import operations, queries
from fundapp.callbacks.forms import CallForm, ReceiptRulesForm, filled_with_rules
from fundapp.callbacks.kinds import receipt_rules_values
from fundapp.callbacks.models import Callback
from fundapp.callbacks.operations import RULES_TYPE
from fundapp.callbacks.policy import may_call_back, may_propose_receipt_rules
from fundapp.callbacks.reader import read_callback
from fundapp.db import unit_of_reading
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations import make_proposal
from fundapp.web.forms import Answer, redirect_with, submit

blueprint = Blueprint("callbacks", __name__)


@blueprint.get("/callbacks")
@requires(Permission.DISBURSEMENT_READ)
def index() -> str:
    """Payments that were drawn, and months; ``?state=waiting``: those that the viewer may call
    about.
    """
    viewer, waiting = current_actor(), request.args.get("state") == "waiting"
    may_prove = viewer.can(Permission.DISBURSEMENT_PROVE)
    return render_template(
        "callbacks/index.html",
        page=queries.list_callbacks(viewer, waiting=waiting, after=request.args.get("after")),
        draws=[] if waiting else queries.list_draws(),
        rules=queries.find_receipt_rules(clock.today()),
        is_waiting=waiting,
        waiting_count=queries.count_callbacks(viewer) if may_prove else 0,
        may_read_rules=viewer.can(Permission.JOURNAL_READ),
    )


@blueprint.get("/callbacks/<number>")
@requires(Permission.DISBURSEMENT_READ)
def show(number: str) -> str:
    """A payment that was drawn, what calls gave, and the form of a call."""
    return _page(number, CallForm(formdata=None, data={"called_on": clock.today()}))


@blueprint.post("/callbacks/<number>")
@requires(Permission.DISBURSEMENT_PROVE)
def record_call(number: str) -> Answer:
    """Record what a call gave."""
    form, actor = CallForm(), current_actor()

    def work() -> Callback:
        key = form.form_id.data or ""
        return operations.record_call(number, form.draft(), key=key, actor=actor)

    return submit(form, work, done=_recorded, page=lambda: _page(number, form))


@blueprint.get("/callbacks/overdue-proofs")
@requires(Permission.DISBURSEMENT_PROVE)
def overdue_proofs() -> str:
    """Payments whose proof of receipt is overdue: one's own, and late ones of one's districts."""
    viewer, today = current_actor(), clock.today()
    page = queries.list_overdue_proofs(viewer, today, after=request.args.get("after"))
    return render_template(
        "callbacks/overdue_proofs.html",
        page=page,
        requests=queries.requests_of(page.rows),
        rules=queries.find_receipt_rules(today),
        today=today,
    )


@blueprint.get("/callbacks/rules")
@requires(Permission.JOURNAL_READ)
def rules() -> str:
    """All versions of the rules."""
    return render_template(
        "callbacks/rules.html",
        all_rules=queries.list_receipt_rules(),
        in_force=queries.find_receipt_rules(clock.today()),
        today=clock.today(),
        may_propose=may_propose_receipt_rules(current_actor()),
    )


@blueprint.get("/callbacks/rules/new")
@requires(Permission.HOUSE_CONFIRM)
def new_rules() -> str:
    """The form, with what counts now."""
    return _rules_page(filled_with_rules(queries.find_receipt_rules(clock.today())))


@blueprint.post("/callbacks/rules/new")
@requires(Permission.HOUSE_CONFIRM)
@fresh_factor
def propose_rules() -> Answer:
    """Propose them."""
    form, actor = ReceiptRulesForm(), current_actor()

    def work() -> Proposal:
        draft = form.draft()
        values = dict(receipt_rules_values(draft))
        return make_proposal(RULES_TYPE, draft.starts_on.isoformat(), values, actor=actor)

    return submit(form, work, done=_proposed, page=lambda: _rules_page(form))


def _recorded(callback: Callback) -> Answer:
    return redirect_with(_("Stored."), url_for("callbacks.show", number=callback.number))


def _proposed(proposal: Proposal) -> Answer:
    return redirect_with(
        _("Proposed. It is in force when an administrator has confirmed it."),
        url_for("proposals.show", public_id=proposal.public_id),
    )


def _rules_page(form: ReceiptRulesForm) -> str:
    return render_template("callbacks/new_rules.html", form=form)


def _page(number: str, form: CallForm) -> str:
    actor = current_actor()
    file = unit_of_reading(read_callback, number, actor=actor)
    may_call = may_call_back(actor, file.callback)
    return render_template("callbacks/show.html", file=file, form=form if may_call else None)
