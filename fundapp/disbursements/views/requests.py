"""Pages that show requests: the list by state, one request, the voucher, the signed papers."""

from flask import Response, render_template, request

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.children.models import Child
from fundapp.children.queries import find_by_code
from fundapp.clock import local_day
from fundapp.db import unit_of_reading
from fundapp.disbursements import operations, queries
from fundapp.disbursements.forms import RequestFilterForm
from fundapp.disbursements.models import RequestStatus
from fundapp.disbursements.policy import may_ask_for_help
from fundapp.disbursements.views.blueprint import blueprint
from fundapp.disbursements.views.request_page import request_page
from fundapp.documents.serving import document_response
from fundapp.errors import NotFoundError
from fundapp.ledger.queries import list_funds
from fundapp.paging import int_key
from fundapp.places.queries import list_districts
from fundapp.thai.baht_words import baht_in_words
from fundapp.web.lazy import lazy as _l

#: The states in the order of the tabs above the list, each with what is to be done.
TABS: dict[RequestStatus, str] = {
    RequestStatus.SUBMITTED: _l("To decide"),
    RequestStatus.RETURNED: _l("Returned"),
    RequestStatus.APPROVED: _l("To pay"),
    RequestStatus.PAID: _l("Proof of receipt awaited"),
    RequestStatus.PROBLEM: _l("Problem"),
    RequestStatus.CONFIRMED: _l("Confirmed"),
    RequestStatus.REJECTED: _l("Rejected"),
    RequestStatus.CANCELLED: _l("Cancelled"),
}


@blueprint.get("")
@requires(Permission.DISBURSEMENT_READ)
def index() -> str:
    """Requests, newest first, by state, district and fund."""
    viewer = current_actor()
    filters = RequestFilterForm(request.args).offer(list_districts(), list_funds())
    child = _chosen_child(filters.child.data)
    ended = request.args.get("consent") == "ended"
    page = queries.list_requests(
        viewer=viewer,
        status=filters.status.member,
        district_code=filters.district.data or None,
        fund_code=filters.fund.data or None,
        child_id=child.id if child else None,
        without_consent=ended,
        after=int_key(request.args.get("after")),
    )
    return render_template(
        "disbursements/index.html",
        page=page,
        filters=filters,
        status=filters.status.member,
        child=child,
        ended=ended,
        counts=queries.count_by_status(viewer=viewer),
        tabs=TABS,
        local_day=local_day,
        may_ask=may_ask_for_help(viewer),
    )


@blueprint.get("/<public_id>")
@requires(Permission.DISBURSEMENT_READ)
def show(public_id: str) -> str:
    """One request: how far it is, what is asked for, and what the viewer can do now."""
    return request_page(public_id)


@blueprint.get("/<public_id>/voucher")
@requires(Permission.DISBURSEMENT_READ)
def voucher(public_id: str) -> str:
    """The paper that the payee signs; only for those who may know the payee."""
    file = unit_of_reading(operations.read_voucher, public_id, actor=current_actor())
    return render_template(
        "disbursements/voucher.html",
        file=file,
        amount_in_words=baht_in_words(file.request.total_satang),
    )


@blueprint.get("/<public_id>/papers/<document_id>")
@requires(Permission.DISBURSEMENT_READ)
def paper(public_id: str, document_id: str) -> Response:
    """A signed paper that was filed with a proof of receipt."""
    document, content = unit_of_reading(
        operations.read_signed_paper, public_id, document_id, actor=current_actor()
    )
    return document_response(document, content)


def _chosen_child(code: str) -> Child | None:
    """The child whose requests are listed; NotFoundError for a code that the viewer cannot see."""
    if not code:
        return None
    child = find_by_code(code, viewer=current_actor())
    if child is None:
        raise NotFoundError
    return child
