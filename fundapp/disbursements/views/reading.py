"""Looking at requests: the list by state, the voucher, the signed papers."""

from flask import Response, render_template, request

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.children.queries import find_by_code
from fundapp.clock import local_day
from fundapp.db import unit_of_work
from fundapp.disbursements import operations, queries, workflow
from fundapp.disbursements.models import RequestStatus
from fundapp.disbursements.views import blueprint
from fundapp.disbursements.views.page import chosen, request_page
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
    status = chosen(RequestStatus, request.args.get("status"))
    code = request.args.get("child", "")
    child = find_by_code(code, viewer=viewer) if code else None
    if code and child is None:
        raise NotFoundError
    page = queries.list_requests(
        viewer=viewer,
        status=status,
        district_code=request.args.get("district") or None,
        fund_code=request.args.get("fund") or None,
        child_id=child.id if child else None,
        after=int_key(request.args.get("after")),
    )
    return render_template(
        "disbursements/index.html",
        page=page,
        status=status,
        child=child,
        counts=queries.count_by_status(viewer=viewer),
        districts=list_districts(),
        funds=list_funds(),
        tabs=TABS,
        local_day=local_day,
        may_ask=viewer.can(Permission.DISBURSEMENT_REQUEST),
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
    viewer = current_actor()
    opened = unit_of_work(operations.read_request, public_id, actor=viewer, view="voucher")
    if not opened.payee_is_shown or opened.request.status not in workflow.OWED_STATES:
        raise NotFoundError
    return render_template(
        "disbursements/voucher.html",
        file=opened,
        words=baht_in_words(opened.request.total_satang),
    )


@blueprint.get("/<public_id>/papers/<document_id>")
@requires(Permission.DISBURSEMENT_READ)
def paper(public_id: str, document_id: str) -> Response:
    """A signed paper that was filed as proof."""
    viewer = current_actor()
    document, content = unit_of_work(
        operations.read_proof_document, public_id, document_id, actor=viewer
    )
    return document_response(document, content)
