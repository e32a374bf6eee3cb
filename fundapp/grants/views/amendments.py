"""The form of an amendment of a running grant."""

from flask import render_template, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.budgets.queries import list_expense_accounts
from fundapp.documents.operations import store_document
from fundapp.errors import NotFoundError
from fundapp.grants import kinds, queries
from fundapp.grants.drafts import AmendmentDraft
from fundapp.grants.forms import AmendmentForm, amendment_form, line_field
from fundapp.grants.models import GrantStatus, ReceivedGrant
from fundapp.grants.steps import SUBJECT_TYPE
from fundapp.grants.views.blueprint import blueprint
from fundapp.ledger.kinds import account_labels
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations import make_proposal
from fundapp.proposals.queries import find_open_proposal, version_of_values
from fundapp.thai.calendar import fiscal_year_be
from fundapp.web.forms import Answer, redirect_with, submit

#: How many fiscal years after the last day of now a further line can be of.
_YEARS_AHEAD = 3


@blueprint.get("/<public_id>/amendment")
@requires(Permission.HOUSE_PROPOSE)
def amendment(public_id: str) -> str:
    """What the grant says now, to be written over."""
    grant = _running(public_id)
    data: dict[str, object] = {line_field(line): line.amount_satang for line in grant.lines}
    data["ends_on"] = grant.ends_on
    data["version"] = version_of_values(kinds.GRANT_AMENDMENT, public_id)
    form = amendment_form(grant.lines, account_labels())
    return _page(grant, form(formdata=None, data=data))


@blueprint.post("/<public_id>/amendment")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def propose_amendment(public_id: str) -> Answer:
    """Propose what the amendment says, with its paper."""
    grant, actor = _running(public_id), current_actor()
    form = amendment_form(grant.lines, account_labels())()
    _offer(form, grant)

    def work() -> Proposal:
        if form.paper.accepted is None:
            raise NotFoundError
        stored = store_document(
            form.paper.accepted, subject_type=SUBJECT_TYPE, subject_ref=public_id, actor=actor
        )
        draft = AmendmentDraft(
            signed_on=form.signed_on.value,
            ends_on=form.ends_on.value,
            lines=form.amounts(queries.get_grant(public_id).lines),
            document=stored.document.public_id,
        )
        return make_proposal(
            kinds.GRANT_AMENDMENT,
            public_id,
            kinds.amendment_values(draft),
            seen=form.version.data or None,
            actor=actor,
        )

    return submit(
        form,
        work,
        before=form.paper.take_in,
        done=lambda proposal: redirect_with(
            _("Proposed. The grant changes when an administrator confirms it."),
            url_for("proposals.show", public_id=proposal.public_id),
        ),
        page=lambda: _page(queries.get_grant(public_id), form),
    )


def _running(public_id: str) -> ReceivedGrant:
    """The grant, if it runs; NotFoundError."""
    grant = queries.get_grant(public_id)
    if grant.status is not GrantStatus.RUNNING:
        raise NotFoundError
    return grant


def _offer(form: AmendmentForm, grant: ReceivedGrant) -> None:
    last = fiscal_year_be(grant.ends_on) + _YEARS_AHEAD
    form.offer(list_expense_accounts(), range(fiscal_year_be(grant.starts_on), last + 1))


def _page(grant: ReceivedGrant, form: AmendmentForm) -> str:
    _offer(form, grant)
    return render_template(
        "grants/amendment.html",
        form=form,
        grant=grant,
        name=kinds.grant_name(grant),
        lines=[form[line_field(line)] for line in grant.lines if line_field(line) in form],
        waiting=find_open_proposal(kinds.GRANT_AMENDMENT, grant.public_id),
    )
