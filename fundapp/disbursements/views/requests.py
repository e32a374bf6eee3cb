"""Pages that show requests: the list by state, one request, the voucher, the signed papers."""

from flask import Response, current_app, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup

from fundapp import clock
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
from fundapp.disbursements.policy import (
    current_check,
    may_ask_for_help,
    may_print_receipt_link,
    may_verify_accounts,
)
from fundapp.disbursements.reader import RequestFile
from fundapp.disbursements.views.blueprint import blueprint
from fundapp.disbursements.views.request_page import request_page
from fundapp.disbursements.vouchers import is_paid_to_body, link_sentences, voucher_pdf
from fundapp.documents.serving import document_response
from fundapp.errors import NotFoundError
from fundapp.ledger.queries import list_funds
from fundapp.paging import int_key
from fundapp.places.queries import list_districts
from fundapp.thai.baht_words import baht_in_words
from fundapp.web.downloads import file_download, wanted_file
from fundapp.web.forms import Answer, ButtonForm, submit
from fundapp.web.lazy import lazy as _l
from fundapp.web.qr_codes import qr_svg

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
    """Requests by state, district and fund: newest first, and those to decide oldest first."""
    viewer = current_actor()
    filters = RequestFilterForm(request.args).offer(list_districts(), list_funds())
    child = _chosen_child(filters.child.data)
    ended = request.args.get("consent") == "ended"
    is_queue = filters.status.member is RequestStatus.SUBMITTED and not ended and child is None
    oldest_first = is_queue and viewer.can_everywhere(Permission.DISBURSEMENT_DECIDE)
    district, fund = filters.district.data or None, filters.fund.data or None
    after = int_key(request.args.get("after"))
    if oldest_first:
        page = queries.list_waiting(
            viewer=viewer, district_code=district, fund_code=fund, after=after
        )
    else:
        page = queries.list_requests(
            viewer=viewer,
            status=filters.status.member,
            district_code=district,
            fund_code=fund,
            child_id=child.id if child else None,
            without_consent=ended,
            after=after,
        )
    return render_template(
        "disbursements/index.html",
        page=page,
        filters=filters,
        status=filters.status.member,
        child=child,
        ended=ended,
        oldest_first=oldest_first,
        today=clock.today(),
        counts=queries.count_by_status(viewer=viewer),
        tabs=TABS,
        local_day=local_day,
        checks=queries.checks_of([row.id for row in page.rows]),
        shares_back=queries.shares_back_of(child) if child else {},
        may_ask=may_ask_for_help(viewer),
        may_verify=may_verify_accounts(viewer),
    )


@blueprint.get("/<public_id>")
@requires(Permission.DISBURSEMENT_READ)
def show(public_id: str) -> str:
    """One request: how far it is, what is asked for, and what the viewer can do now."""
    return request_page(public_id)


@blueprint.get("/<public_id>/voucher")
@requires(Permission.DISBURSEMENT_READ)
def voucher(public_id: str) -> str | Response:
    """The paper that the payee signs, as a page or PDF; covered for those who may open the request
    with a reason only.
    """
    file = _read_voucher(public_id)
    return _pdf(file) if wanted_file() == "pdf" else _voucher_page(file)


@blueprint.post("/<public_id>/voucher")
@requires(Permission.VOUCHER_PRINT)
def print_link(public_id: str) -> Answer:
    """The voucher with a new link by which the payee answers, as a page or PDF; it is shown this
    once.
    """
    form, actor = ButtonForm(), current_actor()

    def done(printed: tuple[RequestFile, str]) -> Answer:
        if wanted_file() == "pdf":
            return _pdf(*printed)
        return _voucher_page(*printed), 200

    return submit(
        form,
        lambda: operations.print_receipt_link(public_id, actor=actor),
        done=done,
        page=lambda: _voucher_page(_read_voucher(public_id)),
    )


@blueprint.get("/<public_id>/evidence/<document_id>")
@requires(Permission.DISBURSEMENT_READ)
def evidence(public_id: str, document_id: str) -> Response:
    """A paper that shows why help is asked for, as a download."""
    document, content = unit_of_reading(
        operations.read_evidence, public_id, document_id, actor=current_actor()
    )
    return document_response(document, content)


@blueprint.get("/<public_id>/slips/<document_id>")
@requires(Permission.DISBURSEMENT_READ)
def payout_slip(public_id: str, document_id: str) -> Response:
    """A slip of the bank that was filed with a payment."""
    document, content = unit_of_reading(
        operations.read_payout_slip, public_id, document_id, actor=current_actor()
    )
    return document_response(document, content)


@blueprint.get("/<public_id>/papers/<document_id>")
@requires(Permission.DISBURSEMENT_READ)
def paper(public_id: str, document_id: str) -> Response:
    """A signed paper that was filed with a proof of receipt."""
    document, content = unit_of_reading(
        operations.read_signed_paper, public_id, document_id, actor=current_actor()
    )
    return document_response(document, content)


def _read_voucher(public_id: str) -> RequestFile:
    return unit_of_reading(operations.read_voucher, public_id, actor=current_actor())


def _pdf(file: RequestFile, token: str = "") -> Response:
    payout = file.request.payout
    number = payout.voucher if payout else file.request.approvals[-1].voucher
    content = voucher_pdf(file, _link_url(token))
    return file_download(f"voucher-{number}.pdf", "application/pdf", content)


def _link_url(token: str) -> str:
    return f"{current_app.config['PUBLIC_URL']}/confirm/{token}" if token else ""


def _voucher_page(file: RequestFile, token: str = "") -> str:
    url = _link_url(token)
    picture = qr_svg(url, title=_("QR code of the link")) if url else ""
    return render_template(
        "disbursements/voucher.html",
        has_signer=is_paid_to_body(file.request),
        file=file,
        check=current_check(file.request),
        form=ButtonForm(formdata=None),
        amount_in_words=baht_in_words(file.request.total_satang),
        may_print_link=may_print_receipt_link(current_actor(), file.request),
        link_url=url,
        picture=Markup(picture),  # noqa: S704 - made by segno, with an escaped title
        link_sentences=list(link_sentences()) if url else [],
    )


def _chosen_child(code: str) -> Child | None:
    """The child whose requests are listed; NotFoundError for a code that the viewer cannot see."""
    if not code:
        return None
    child = find_by_code(code, viewer=current_actor())
    if child is None:
        raise NotFoundError
    return child
