"""Asking for help: the form, new and for a request that was returned."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.actors import Actor
from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.children.files import ChildName
from fundapp.children.policy import own_districts
from fundapp.children.queries import find_by_code
from fundapp.db import unit_of_work
from fundapp.disbursements import operations, policy, queries
from fundapp.disbursements.drafts import LineDraft, RequestDraft
from fundapp.disbursements.forms import RequestForm
from fundapp.disbursements.models import DisbursementRequest
from fundapp.disbursements.queries import RequestFile
from fundapp.disbursements.views import blueprint
from fundapp.errors import DomainError, NotFoundError, StaleError
from fundapp.ledger.models import Restriction
from fundapp.ledger.queries import fund_available, list_funds
from fundapp.money import format_baht
from fundapp.places.models import District
from fundapp.places.queries import list_districts
from fundapp.web.errors import status_of
from fundapp.web.forms import choices
from fundapp.web.locale import localized, translated

Answer = Response | tuple[str, int]

#: More children than this are found by the filter, or typed by code.
CHILDREN_SHOWN = 50


@blueprint.get("/new")
@requires(Permission.DISBURSEMENT_REQUEST)
def new() -> str:
    """The form, with the children of one of the viewer's districts."""
    return _page(_form())


@blueprint.post("/new")
@requires(Permission.DISBURSEMENT_REQUEST)
def create() -> Answer | str:
    """Send a request in, or only look for children: their names are never in an address."""
    form = _form()
    if _looks_for_children():
        return _page(form)
    draft = _draft(form)
    if draft is None:
        return _page(form), 422
    try:
        sent = unit_of_work(operations.submit_request, draft, actor=current_actor())
    except NotFoundError:
        raise
    except DomainError as error:
        return _refused(form, error)
    flash(_("Sent. An approver can decide on it now."), "success")
    _warn_of_shortage(sent)
    return redirect(url_for("disbursements.show", public_id=sent.public_id), 303)


@blueprint.get("/<public_id>/edit")
@requires(Permission.DISBURSEMENT_REQUEST)
def edit(public_id: str) -> str:
    """The form of a returned request, filled in."""
    opened = unit_of_work(operations.read_request_to_change, public_id, actor=current_actor())
    return _page(_form(opened), opened.request)


@blueprint.post("/<public_id>/edit")
@requires(Permission.DISBURSEMENT_REQUEST)
def resubmit(public_id: str) -> Answer | str:
    """Send a returned request in again."""
    found = _own_request(public_id)
    form = _form()
    if _looks_for_children():
        return _page(form, found)
    draft = _draft(form)
    if draft is None:
        return _page(form, found), 422
    version, actor = form.seen_version, current_actor()
    try:
        sent = unit_of_work(
            operations.resubmit_request, public_id, draft, version=version, actor=actor
        )
    except (NotFoundError, StaleError):
        raise
    except DomainError as error:
        return _refused(form, error, _own_request(public_id))
    flash(_("Sent again. An approver can decide on it now."), "success")
    _warn_of_shortage(sent)
    return redirect(url_for("disbursements.show", public_id=public_id), 303)


def _warn_of_shortage(sent: DisbursementRequest) -> None:
    """More than the fund has may be asked for, as money may still come, but not unawares."""
    available = fund_available(sent.fund_code)
    if sent.total_satang > available:
        said = _(
            "The fund has %(available)s baht available, less than was asked for. "
            "It cannot be approved before more money comes in.",
            available=format_baht(available),
        )
        flash(said, "warning")


def _own_request(public_id: str) -> DisbursementRequest:
    """The viewer's own request; anybody else's has no form."""
    viewer = current_actor()
    found = queries.get_request(public_id, viewer=viewer)
    if not policy.may_resubmit(viewer, found):
        raise NotFoundError
    return found


def _form(opened: RequestFile | None = None) -> RequestForm:
    """The form with everything that can be chosen in it."""
    viewer = current_actor()
    data = _values(opened) if opened else _asked_for(viewer)
    form = RequestForm(data=data)
    if not form.is_submitted() and "child" in data:
        form.lines.tick(str(data["child"]))
    form.fund.choices = choices({fund.code: localized(fund) for fund in list_funds()})
    form.lines.offer(_children_on_offer(viewer, form))
    return form


def _asked_for(viewer: Actor) -> dict[str, object]:
    """The child whose file led here: by code, the only thing of a child that an address may say."""
    child = find_by_code(request.args.get("child", ""), viewer=viewer)
    return {"wanted": child.code, "child": child.public_id} if child else {}


def _values(opened: RequestFile) -> dict[str, object]:
    """What a returned request says, as the form's values."""
    found = opened.request
    return {
        "version": str(found.version),
        "fund": found.fund_code,
        "need": found.need.value,
        "payee_kind": found.payee_kind.value,
        "payee_name": opened.payee_name,
        "payout_method": found.payout_method.value,
        "bank": opened.account.bank_code if opened.account else "",
        "account_number": opened.account.number if opened.account else "",
        "reason": opened.reason,
        "lines": [LineDraft(line.child_id, line.amount_satang) for line in opened.lines],
    }


def _children_on_offer(viewer: Actor, form: RequestForm) -> list[ChildName]:
    district = _district(viewer)
    return unit_of_work(
        operations.read_children_on_offer,
        form.lines.touched,
        district_code=district.code if district else "",
        wanted=form.wanted.data or "",
        limit=CHILDREN_SHOWN,
        actor=viewer,
    )


def _looks_for_children() -> bool:
    """Whether the button beside the search was pressed, not the one that sends the form."""
    return "find" in request.form


def _own_districts(viewer: Actor) -> list[District]:
    codes = own_districts(viewer)
    return [district for district in list_districts() if district.code in codes]


def _district(viewer: Actor) -> District | None:
    """The district that was chosen, if it is the viewer's; else the viewer's first."""
    own = _own_districts(viewer)
    asked = request.values.get("district")
    return next((district for district in own if district.code == asked), own[0] if own else None)


def _draft(form: RequestForm) -> RequestDraft | None:
    """What was asked for, or None with the fields' errors in place."""
    if not form.validate_on_submit():
        return None
    viewer = current_actor()
    more = []
    for line in form.more_lines.lines:
        child = find_by_code(line.code, viewer=viewer)
        if child is None:
            message = _("None of your children has the code %(code)s.", code=line.code)
            form.more_lines.errors = [message]
            return None
        more.append(LineDraft(child.public_id, line.amount_satang))
    return form.draft(more)


def _refused(
    form: RequestForm, error: DomainError, found: DisbursementRequest | None = None
) -> tuple[str, int]:
    field = getattr(form, error.field or "", None)
    if field is None:
        form.form_errors.append(translated(error))
    else:
        field.errors = [*field.errors, translated(error)]
    return _page(form, found), status_of(error)


def _page(form: RequestForm, found: DisbursementRequest | None = None) -> str:
    viewer = current_actor()
    funds = list_funds()
    return render_template(
        "disbursements/form.html",
        form=form,
        request_=found,
        returned=found.approvals[-1] if found and found.approvals else None,
        available={fund.code: fund_available(fund.code) for fund in funds},
        zakat=[fund for fund in funds if fund.restriction is Restriction.ZAKAT],
        districts=_own_districts(viewer),
        district=_district(viewer),
        children_shown=CHILDREN_SHOWN,
    )
