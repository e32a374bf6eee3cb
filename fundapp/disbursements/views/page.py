"""The page of one request: what it shows, and which forms it carries for whom."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from flask import render_template
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.current import current_actor
from fundapp.access.permissions import Permission
from fundapp.db import unit_of_work
from fundapp.disbursements import operations, policy, queries
from fundapp.disbursements.forms import DecisionForm, PayoutForm, ProofForm, VersionedForm
from fundapp.disbursements.models import DisbursementRequest, RequestStatus
from fundapp.disbursements.workflow import Action, actions_in
from fundapp.errors import DomainError
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import Restriction
from fundapp.ledger.queries import fund_available, get_account, list_accounts
from fundapp.thai.banks import banks
from fundapp.web.forms import choices
from fundapp.web.locale import localized, translated

C = TypeVar("C", bound=StrEnum)
Forms = Mapping[str, VersionedForm]


def chosen(enum: type[C], text: str | None) -> C | None:
    """The member that an address names, or None."""
    return next((choice for choice in enum if choice.value == text), None)


def request_page(
    public_id: str, *, form: VersionedForm | None = None, refusal: DomainError | None = None
) -> str:
    """The page; ``form`` is one that was sent and is shown again, ``refusal`` why it was not
    done.
    """
    viewer = current_actor()
    opened = unit_of_work(operations.read_request, public_id, actor=viewer)
    request = opened.request
    return render_template(
        "disbursements/show.html",
        file=opened,
        request_=request,
        forms=_forms(request, viewer, form),
        form=form,
        may=_possible(request, viewer),
        refusal=translated(refusal) if refusal else None,
        available=fund_available(request.fund_code),
        is_zakat=request.fund.restriction is Restriction.ZAKAT,
        steps=_steps(request),
        moves=queries.list_moves(request),
        accounts={account.code: account for account in list_accounts()},
        banks=banks(),
        entry_number=entry_number,
        reads_journal=viewer.can(Permission.JOURNAL_READ),
    )


def account_choices(request: DisbursementRequest) -> list[SelectChoice]:
    """The accounts that the request can be paid from, for a form."""
    codes = policy.accounts_to_pay_from(request.fund, request.payout_method)
    return choices({code: f"{code} {localized(get_account(code))}" for code in codes})


def _possible(request: DisbursementRequest, viewer: Actor) -> frozenset[Action]:
    """What the viewer can do with the request as it stands."""
    allowed = {
        Action.APPROVE: policy.may_decide(viewer, request),
        Action.PAY: policy.may_pay(viewer, request),
        Action.CONFIRM: policy.may_file_proof_of_receipt(viewer, request),
        Action.RESUBMIT: policy.may_resubmit(viewer, request),
        Action.CANCEL: policy.may_cancel(viewer, request),
    }
    return frozenset(action for action in actions_in(request.status) if allowed.get(action))


def _forms(request: DisbursementRequest, viewer: Actor, sent: VersionedForm | None) -> Forms:
    """A fresh form for every action that has one; the one that was sent keeps what was typed."""
    forms: dict[str, VersionedForm] = {
        "decision": DecisionForm(formdata=None),
        "cancel": DecisionForm(formdata=None, prefix="cancel-"),
        "payout": PayoutForm(formdata=None, data={"paid_on": clock.today()}),
        "proof": ProofForm(formdata=None, data={"confirmed_on": clock.today()}),
    }
    for name, form in forms.items():
        form.version.data = str(request.version)
        if sent is not None and type(sent) is type(form) and sent._prefix == form._prefix:
            forms[name] = sent
            sent.version.data = str(request.version)
    payout = forms["payout"]
    if isinstance(payout, PayoutForm):
        payout.paid_from.choices = account_choices(request)
    return forms


def _steps(request: DisbursementRequest) -> list[dict[str, str]]:
    """Asking, deciding, paying, proving: which are done, which is next, where it stopped."""
    titles = [
        _("Request sent"),
        _("Approval"),
        _("Payment to the payee"),
        _("ProofOfReceipt of receipt"),
    ]
    done, last = {
        RequestStatus.SUBMITTED: (1, "now"),
        RequestStatus.RETURNED: (0, "now"),
        RequestStatus.REJECTED: (1, "stopped"),
        RequestStatus.CANCELLED: ((len(request.approvals) and 2) or 1, "stopped"),
        RequestStatus.APPROVED: (2, "now"),
        RequestStatus.PAID: (3, "now"),
        RequestStatus.PROBLEM: (3, "stopped"),
        RequestStatus.CONFIRMED: (4, "done"),
    }[request.status]
    states = ["done"] * done + [last] * (done < len(titles)) + ["todo"] * len(titles)
    return [{"label": title, "state": state} for title, state in zip(titles, states, strict=False)]
