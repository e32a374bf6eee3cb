"""Asking for help: the form, for a new request and for one that was returned."""

from dataclasses import dataclass
from typing import Self

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.children.queries import find_by_code, load_again
from fundapp.db import unit_of_reading
from fundapp.disbursements import operations, queries
from fundapp.disbursements.drafts import CodeLineDraft, LineDraft
from fundapp.disbursements.errors import RequestKnownError
from fundapp.disbursements.forms import RequestForm
from fundapp.disbursements.forms.lines import lines_of_upload, shortened
from fundapp.disbursements.labels import draft_of_rules, rules_rows
from fundapp.disbursements.models import DisbursementRequest
from fundapp.disbursements.policy import needs_check
from fundapp.disbursements.queries.fund_rules import list_rules_in_force
from fundapp.disbursements.queries.vendors import version_paid
from fundapp.disbursements.reader import RequestFile
from fundapp.disbursements.views.blueprint import blueprint
from fundapp.disbursements.views.request_page import MANY, tell_count
from fundapp.ids import new_public_id
from fundapp.ledger.models import Restriction
from fundapp.ledger.queries import fund_available, funds_available, list_open_funds, list_shortages
from fundapp.money import format_baht
from fundapp.places.queries import list_districts
from fundapp.remarks.filters import remark_text
from fundapp.web.forms import Answer, choices, redirect_with, submit
from fundapp.web.locale import localized

#: More children than this are found by the search, or typed by code.
CHILDREN_SHOWN = 50


@blueprint.get("/new")
@requires(Permission.DISBURSEMENT_REQUEST)
def new() -> str:
    """The form, with the children of one of the viewer's districts, or the child whose file linked
    here: by code, because an address holds nothing else of a child.
    """
    child = find_by_code(request.args.get("child", ""), viewer=current_actor())
    district = request.args.get("district")
    form = RequestForm(data={"wanted": child.code if child else "", "district": district})
    if child:
        form.lines.tick(child.public_id)
    _offer(form)
    return _page(form)


@blueprint.post("/new")
@requires(Permission.DISBURSEMENT_REQUEST)
@fresh_factor
def create() -> Answer:
    """Send a request in, or only search for children: their names are never in an address. The same
    form sent twice is one request, unless it says something else.
    """
    form, actor = RequestForm(), current_actor()
    _offer(form)
    if _is_search() or _filled(form):
        return _page_again(form), 200
    return submit(
        form,
        lambda: operations.submit_request(
            form.draft(), papers=form.document.all_accepted, key=form.form_id.data, actor=actor
        ),
        before=form.document.take_in,
        done=lambda sent: _sent(sent, _("Sent.")),
        page=lambda: _page_again(form),
        refused=lambda _error: _page_again(form),
    )


@blueprint.get("/<public_id>/edit")
@requires(Permission.DISBURSEMENT_REQUEST)
def edit(public_id: str) -> str:
    """The form of a returned request, filled in."""
    file = _file(public_id)
    form, returned = RequestForm(data=_values(file)), _Returned.of(file)
    _offer(form)
    return _page(form, returned)


@blueprint.post("/<public_id>/edit")
@requires(Permission.DISBURSEMENT_REQUEST)
@fresh_factor
def resubmit(public_id: str) -> Answer:
    """Send a returned request in again, or only search for children."""
    form, actor = RequestForm(), current_actor()
    queries.get_request_to_change(public_id, viewer=actor)
    _offer(form)
    if _is_search() or _filled(form):
        return _page_again(form, public_id), 200
    return submit(
        form,
        lambda: operations.resubmit_request(
            public_id,
            form.draft(),
            papers=form.document.all_accepted,
            version=form.version_number,
            actor=actor,
        ),
        before=form.document.take_in,
        done=lambda sent: _sent(sent, _("Sent again.")),
        page=lambda: _page_again(form, public_id),
    )


def _sent(sent: DisbursementRequest, message: str) -> Response:
    """Go to the request, and warn when the fund has less: money may still come."""
    if needs_check(sent):
        message += " " + _("Next somebody verifies the bank details, then an approver decides.")
    else:
        message += " " + _("An approver can decide on it now.")
    message = tell_count(message, sent)
    answer = redirect_with(message, url_for("disbursements.show", public_id=sent.public_id))
    available = fund_available(sent.fund_code)
    if sent.total_satang > available:
        warning = _(
            "The fund has %(available)s baht available, less than was asked for. "
            "It cannot be approved before more money comes in.",
            available=format_baht(available),
        )
        flash(warning, "warning")
    return answer


def _values(file: RequestFile) -> dict[str, object]:
    """What a returned request says, as the form's values."""
    returned = file.request
    return {
        "version": str(returned.version),
        "district": returned.district_code,
        "fund": returned.fund_code,
        "need": returned.need.value,
        "payee_kind": returned.payee_kind.value,
        "payout_method": returned.payout_method.value,
        **_payee_values(file),
        "reason": file.reason,
        "lines": [
            LineDraft(line.child_id, line.amount_satang) for line in file.lines if line.is_seen
        ],
    }


def _payee_values(file: RequestFile) -> dict[str, object]:
    """The payee: of a vendor which one it is, as the register knows the rest."""
    account, vendor = file.account, version_paid(file.request)
    if vendor is not None:
        return {"vendor": vendor.vendor_ref}
    return {
        "payee_name": file.payee_name,
        "payee_reason": file.payee_reason,
        "payee_address": file.payee_address,
        "payee_id_number": file.masked_id_number,
        "bank": account.bank_code if account else "",
        "account_number": account.number if account else "",
    }


def _offer(form: RequestForm) -> None:
    """Set what can be chosen: the funds, the viewer's districts, and the children of the chosen
    district or else of the first.
    """
    viewer = current_actor()
    codes = viewer.districts_of(Permission.DISBURSEMENT_REQUEST)
    districts = {each.code: localized(each) for each in list_districts() if each.code in codes}
    if form.district.data not in districts:
        form.district.data = next(iter(districts), "")
    form.district.choices = choices(districts)
    form.fund.choices = choices({fund.code: localized(fund) for fund in list_open_funds()})
    vendors = operations.read_vendors_to_offer(form.district.data, actor=viewer)
    form.vendor.choices = choices(dict(vendors), blank=_("Choose"))
    children = unit_of_reading(
        operations.read_children_to_offer,
        form.lines.touched,
        district_code=form.district.data,
        text=form.wanted.data,
        limit=CHILDREN_SHOWN,
        actor=viewer,
    )
    form.lines.offer(children)


def _is_search() -> bool:
    """Whether the button beside the search was pressed, not the one that sends the form."""
    return "find" in request.form


def _filled(form: RequestForm) -> bool:
    """Whether the list of children was to be filled, from a file or by the search; it is filled or
    says what is wrong with the file, and is looked at before the form is sent.
    """
    upload = form.file.content()
    if upload is None and "fill" not in request.form:
        return False
    errors = list(form.each_amount.process_errors)
    each = form.each_amount.data
    if upload is None and each is None and not errors:
        errors = [_("Enter the amount that each of these children gets.")]
    if errors:
        form.each_amount.errors = errors
        return True
    lines, wrong = (
        _found_lines(form, each) if upload is None else lines_of_upload(upload, each, field="file")
    )
    if wrong:
        form.file.errors = [shortened(wrong)]
    else:
        form.lines_added = form.more_lines.add(lines)
    return True


def _found_lines(form: RequestForm, each: int | None) -> tuple[list[CodeLineDraft], list[str]]:
    codes = unit_of_reading(
        operations.read_codes_to_list,
        district_code=form.district.data,
        text=form.wanted.data,
        actor=current_actor(),
    )
    if not codes:
        return [], [_("The search finds no child for whom help can be asked.")]
    return [CodeLineDraft(code, each or 0) for code in codes], []


def _file(public_id: str) -> RequestFile:
    return unit_of_reading(operations.read_request_to_change, public_id, actor=current_actor())


@dataclass(frozen=True, slots=True)
class _Returned:
    """What the page says of the request that is changed, kept from one read of it: what is read
    after that would have each row of it loaded again.
    """

    number: str
    public_id: str
    papers: int
    #: Why: the reason of the last decision.
    why: str

    @classmethod
    def of(cls, file: RequestFile) -> Self:
        """Of a file that was just read."""
        returned = file.request
        digest = returned.approvals[-1].reason_digest if returned.approvals else None
        return cls(
            returned.number,
            returned.public_id,
            len(queries.list_evidence(returned)),
            remark_text(file.remarks.get(digest)) if digest else "",
        )


def _page_again(form: RequestForm, public_id: str | None = None) -> str:
    """The form as it was sent; of which request, when one is changed."""
    returned = _Returned.of(_file(public_id)) if public_id else None
    load_again(row.child.child for row in form.lines.rows)
    return _page(form, returned)


def _rules_rows() -> dict[str, list[tuple[str, str]]]:
    """What the rules of each fund allow today, by its code."""
    in_force = list_rules_in_force(clock.today())
    rows = rules_rows([draft_of_rules(rules) for rules in in_force.values()])
    return dict(zip(in_force, rows, strict=True))


def _page(form: RequestForm, returned: _Returned | None = None) -> str:
    if isinstance(form.refusal, RequestKnownError):
        form.form_id.data = new_public_id()  # sent again, it is another request
    funds = list_open_funds()
    return render_template(
        "disbursements/form.html",
        form=form,
        request_=returned,
        papers_kept=returned.papers if returned else 0,
        why_returned=returned.why if returned else "",
        available=funds_available([fund.code for fund in funds]),
        rules=_rules_rows(),
        shortages=list_shortages(),
        funds=funds,
        zakat=[fund for fund in funds if fund.restriction is Restriction.ZAKAT],
        children_shown=CHILDREN_SHOWN,
        many=MANY,
    )
