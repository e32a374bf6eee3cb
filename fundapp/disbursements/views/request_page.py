"""The page of one request: what it shows, and which forms it has for whom."""

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from flask import render_template
from flask import request as flask_request
from flask_babel import gettext as _
from markupsafe import Markup
from wtforms.fields import SelectChoice

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.current import current_actor
from fundapp.access.permissions import Permission
from fundapp.db import unit_of_reading
from fundapp.disbursements import operations, policy, queries
from fundapp.disbursements.entry_drafts import EXPENSE_ACCOUNTS
from fundapp.disbursements.forms import (
    AccountCheckForm,
    CancelForm,
    ComebackForm,
    DecisionForm,
    OpeningForm,
    PaymentReleaseForm,
    PayoutForm,
    PayoutSlipForm,
    ProofOfReceiptForm,
    RequestInterestForm,
    ShareBackForm,
)
from fundapp.disbursements.holds import list_holds, list_payment_holds
from fundapp.disbursements.models import DisbursementRequest, PayoutMethod, RequestStatus
from fundapp.disbursements.operations.briefings import Briefing
from fundapp.disbursements.reader import RequestFile
from fundapp.disbursements.stops import Stop, unseen_stops
from fundapp.disbursements.views.request_history import history_of
from fundapp.disbursements.workflow import Action, actions_in
from fundapp.errors import DomainError
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import Restriction
from fundapp.ledger.queries import (
    find_holdings,
    fund_available,
    get_account,
    list_accounts,
    list_shortages,
)
from fundapp.ledger.spending import PlannedSpending, find_warnings
from fundapp.money import format_baht
from fundapp.paging import int_key
from fundapp.thai.banks import banks
from fundapp.thai.promptpay import transfer_payload
from fundapp.web.forms import BaseForm, choices
from fundapp.web.locale import localized, translated
from fundapp.web.qr_codes import qr_svg

F = TypeVar("F", bound=BaseForm)
#: Children of a request from which its work takes so long that pages say so.
MANY = 500


def request_page(
    public_id: str, *, form: BaseForm | None = None, refusal: DomainError | None = None
) -> str:
    """The page; ``form`` is one that was sent and is shown again, ``refusal`` why nothing was
    changed.
    """
    viewer = current_actor()
    after = int_key(flask_request.args.get("after")) or 0
    file, may, stops = unit_of_reading(_read, public_id, after, viewer)
    request, paid_stops = file.request, unseen_stops(file.request)
    needs_check = policy.needs_check(request)
    holds = list_holds(request) if request.status is RequestStatus.APPROVED else []
    if stops or needs_check or holds or (Action.PAY in may and list_payment_holds(request)):
        may -= {Action.PAY}
    if not (stops or paid_stops):
        may -= {Action.RELEASE}
    if file.parts.is_handed_on:
        may -= {Action.RESUBMIT}
    return render_template(
        "disbursements/show.html",
        file=file,
        request_=request,
        evidence=queries.list_evidence(request) if file.parts.reason else [],
        forms=_forms(request, form),
        form=form,
        may=may,
        slips=queries.list_payout_slips(request) if file.parts.receipt else {},
        promptpay=_promptpay(file) if Action.PAY in may else None,
        held_texts=_held_texts(request) if Action.PAY in may else [],
        refusal=translated(refusal) if refusal else None,
        may_ask=policy.may_ask_for_help(viewer),
        shares_satang=sum(
            back.amount_satang for payout in request.payouts for back in payout.share_returns
        ),
        stops=stops,
        holds=[translated(error) for error in holds],
        needs_check=needs_check,
        account_check=policy.current_check(request),
        account_warnings=_account_warnings(request, may),
        paid_stops=paid_stops,
        briefing=_briefing(request, may),
        first_approvers=_first_approvers(request),
        available=fund_available(request.fund_code),
        warnings=_warnings(request) if Action.APPROVE in may else [],
        shortage=list_shortages().get(request.fund_code),
        is_zakat=request.fund.restriction is Restriction.ZAKAT,
        steps=_steps(request),
        history=history_of(file),
        accounts={account.code: account for account in list_accounts()},
        banks=banks(),
        entry_number=entry_number,
        reads_journal=viewer.can(Permission.JOURNAL_READ),
        is_recused=policy.is_recused(viewer, request),
        may_open=policy.may_open(viewer, request),
        many=MANY,
        opened_until=_opened_until(request, viewer) if file.parts.is_opened else None,
    )


def _promptpay(file: RequestFile) -> Markup | None:
    """The QR code that pays the payee by PromptPay, for who pays and knows the number."""
    request, account = file.request, file.account
    is_known = file.payee_is_shown and account is not None
    if request.payout_method is not PayoutMethod.PROMPTPAY or not is_known or account is None:
        return None
    voucher = request.approvals[-1].voucher
    payload = transfer_payload(
        account.number, amount_satang=request.total_satang, reference=voucher
    )
    title = _("PromptPay code of voucher %(voucher)s", voucher=voucher)
    return Markup(qr_svg(payload, title=title))  # noqa: S704 - made by segno, escaped title


def _read(
    public_id: str, after: int, viewer: Actor
) -> tuple[RequestFile, frozenset[Action], list[Stop]]:
    """The request, what the viewer can do with it, and what stops the payment, for those who would
    pay it or decide what is to be done: in one unit, so that no row is loaded twice.
    """
    file = operations.read_request(public_id, after=after, actor=viewer)
    may = _possible_actions(file.request, viewer)
    is_asked = may & {Action.PAY, Action.RELEASE}
    return file, may, operations.read_stops(file.request, actor=viewer) if is_asked else []


def _account_warnings(
    request: DisbursementRequest, may: frozenset[Action]
) -> list[queries.AccountWarning]:
    """What speaks against the bank details, for those who verify them or decide."""
    if not may & {Action.VERIFY, Action.APPROVE}:
        return []
    return sorted(queries.find_account_warnings([request.id]).get(request.id, ()))


def _briefing(request: DisbursementRequest, may: frozenset[Action]) -> Briefing | None:
    if Action.APPROVE not in may:
        return None
    return unit_of_reading(operations.read_briefing, request.public_id, actor=current_actor())


def _first_approvers(request: DisbursementRequest) -> list[str]:
    """Who approved already, where another approver decides next."""
    if request.status is not RequestStatus.SUBMITTED:
        return []
    first = policy.current_approvers(request)
    return sorted({each.approver.name for each in request.approvals if each.approver_id in first})


def _warnings(request: DisbursementRequest) -> list[str]:
    """What approvers are to know of budgets, before they decide."""
    planned = PlannedSpending(
        request.fund_code, EXPENSE_ACCOUNTS[request.need], request.total_satang, clock.today()
    )
    return [translated(each) for each in find_warnings(planned)]


def tell_count(message: str, request: DisbursementRequest) -> str:
    """``message``; of many children also for how many it was done, and the sum."""
    count = len(request.lines)
    if count < MANY:
        return message
    told = _(
        "%(count)s children, %(baht)s baht in all.",
        count=f"{count:,}",
        baht=format_baht(request.total_satang),
    )
    return f"{message} {told}"


def account_choices(request: DisbursementRequest) -> list[SelectChoice]:
    """The accounts that the request can be paid from, for a form."""
    codes = policy.accounts_to_pay_from(request.fund, request.payout_method)
    return choices({code: f"{code} {localized(get_account(code))}" for code in codes})


def _held_texts(request: DisbursementRequest) -> list[str]:
    """What lies in each account that the request can be paid from."""
    holdings = find_holdings()
    return [
        _(
            "%(account)s: %(held)s baht of this fund, %(in_all)s baht of all funds",
            account=localized(get_account(code)),
            held=format_baht(holdings.of_fund(request.fund_code, code)),
            in_all=format_baht(holdings.in_all(code)),
        )
        for code in policy.accounts_to_pay_from(request.fund, request.payout_method)
    ]


def _opened_until(request: DisbursementRequest, viewer: Actor) -> date:
    """The last day of the viewer's newest reason."""
    own: list[date] = [
        each.ends_on for each in request.openings if each.opened_by_id == viewer.user_id
    ]
    return max(own)


def _possible_actions(request: DisbursementRequest, viewer: Actor) -> frozenset[Action]:
    """What the viewer can do with the request in its state."""
    shares_back = len(queries.days_of_shares_back(request)) if request.payouts else 0
    allowed = {
        Action.APPROVE: policy.may_decide(viewer, request),
        Action.VERIFY: request.payout_method is not PayoutMethod.CASH
        and not policy.is_account_refuted(request)
        and policy.may_verify_account(viewer, request),
        Action.PAY: policy.may_pay(viewer, request),
        Action.CONFIRM: policy.may_file_proof_of_receipt(viewer, request),
        Action.RELEASE: policy.may_release_payment(viewer, request),
        Action.RESUBMIT: policy.may_resubmit(viewer, request),
        Action.CANCEL: policy.may_cancel(viewer, request),
        Action.COME_BACK: policy.may_pay(viewer, request) and not shares_back,
        Action.SHARE_BACK: policy.may_pay(viewer, request) and shares_back < len(request.lines) > 1,
    }
    return frozenset(action for action in actions_in(request.status) if allowed.get(action))


def _forms(request: DisbursementRequest, sent: BaseForm | None) -> Mapping[str, BaseForm]:
    """A new form for every action that has one; the one that was sent keeps what was typed."""
    today = clock.today()
    payout = _form(PayoutForm, request, sent, paid_on=today)
    payout.paid_from.choices = account_choices(request)
    return {
        "decision": _form(DecisionForm, request, sent),
        "check": _form(AccountCheckForm, request, sent),
        "interest": _form(RequestInterestForm, request, sent),
        "cancel": _form(CancelForm, request, sent),
        "release": _form(PaymentReleaseForm, request, sent),
        "payout": payout,
        "slip": _form(PayoutSlipForm, request, sent),
        "comeback": _form(ComebackForm, request, sent, returned_on=today),
        "share": _form(ShareBackForm, request, sent, returned_on=today),
        "proof": _form(ProofOfReceiptForm, request, sent, confirmed_on=today),
        "opening": _form(OpeningForm, request, sent),
    }


def _form(kind: type[F], request: DisbursementRequest, sent: BaseForm | None, **data: object) -> F:
    """The sent form, if it is of this kind, or a new one, for the version that is shown."""
    form = sent if isinstance(sent, kind) else kind(formdata=None, data=data)
    form.version.data = str(request.version)
    return form


def _steps(request: DisbursementRequest) -> list[dict[str, str]]:
    """Asking, deciding, paying, confirming: which are done, which is next, where it stopped."""
    titles = [_("Request sent"), _("Approval"), _("Payment to the payee"), _("Proof of receipt")]
    done, last = {
        RequestStatus.SUBMITTED: (1, "now"),
        RequestStatus.RETURNED: (0, "now"),
        RequestStatus.REJECTED: (1, "stopped"),
        RequestStatus.CANCELLED: (2 if request.approvals else 1, "stopped"),
        RequestStatus.APPROVED: (2, "now"),
        RequestStatus.PAID: (3, "now"),
        RequestStatus.PROBLEM: (3, "stopped"),
        RequestStatus.CONFIRMED: (4, "done"),
    }[request.status]
    states = ["done"] * done + [last] * (done < len(titles)) + ["todo"] * len(titles)
    return [{"label": title, "state": state} for title, state in zip(titles, states, strict=False)]
