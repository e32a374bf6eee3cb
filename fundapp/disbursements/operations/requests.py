"""Asking for help: sending a request in, and again after it was returned."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete, select

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.children.models import Child, Purpose
from fundapp.children.queries import find_by_codes, get_children, seen_of
from fundapp.children.reader import Reader
from fundapp.db import db
from fundapp.disbursements.drafts import (
    ChildAmount,
    CodeLineDraft,
    LineDraft,
    RequestDraft,
    masked,
)
from fundapp.disbursements.encryption import encrypt_request, payee_digest
from fundapp.disbursements.errors import (
    AmountStaysError,
    ChildTwiceError,
    NoLinesError,
    NotYoursError,
    OneDistrictError,
    PayeeAccountError,
    PayeeNumberError,
    PayeeReasonError,
    RequestKnownError,
    UnknownCodeError,
    UnknownFundError,
)
from fundapp.disbursements.facts import facts_of_draft
from fundapp.disbursements.fund_rules import require_fund_rules
from fundapp.disbursements.locking import lock_request
from fundapp.disbursements.models import (
    DisbursementRequest,
    PayeeKind,
    PayoutMethod,
    RequestLine,
    RequestStatus,
    RequestVendor,
)
from fundapp.disbursements.operations.account_checks import use_earlier_check
from fundapp.disbursements.operations.evidence import keep_evidence
from fundapp.disbursements.policy import may_request, may_resubmit
from fundapp.disbursements.queries import has_handed_on
from fundapp.disbursements.queries.vendors import get_vendor_version
from fundapp.disbursements.reader import payee_id_number_of, payee_name_of
from fundapp.disbursements.steps import (
    first_codes,
    move_on,
    name_on_file,
    require_action,
    require_allowed,
    require_consents,
    require_within_caps,
)
from fundapp.disbursements.vendors import with_vendor
from fundapp.disbursements.workflow import Action
from fundapp.documents.intake import Accepted
from fundapp.errors import UnreadableNameError, require_readable_name
from fundapp.identity.queries import current_authority
from fundapp.ids import new_id, new_public_id, readable
from fundapp.ledger.locking import hold_fund
from fundapp.money import format_baht
from fundapp.thai.identity_numbers import check_tax_id
from fundapp.thai.names import fold_name


def submit_request(
    draft: RequestDraft, *, papers: Sequence[Accepted] = (), actor: Actor, key: str | None = None
) -> DisbursementRequest:
    """Send a request in, with papers that show why; from then on its facts are frozen. Nothing is
    booked yet.

    The same ``key`` of the same person twice with the same content is the same request. Raises
    RequestKnownError for other content, NotFoundError for children outside the actor's districts,
    NotYoursError, and this package's RuleErrors for lines, consents, the fund, the payee's account
    and name.
    """
    actor = current_authority(actor)
    draft, amounts, district_code = _check(draft, actor)
    public_id = _public_id(key, actor)
    earlier = _sent_before(public_id, draft, amounts, district_code)
    if earlier is not None:
        return earlier
    require_within_caps(amounts, clock.now())
    request_id = new_id()
    request = DisbursementRequest(
        id=request_id,
        public_id=public_id,
        number=readable(request_id, "RQ"),
        requested_by_id=actor.person_id,
        requested_at=clock.now(),
        version=0,
    )
    _fill(request, draft, amounts, district_code)
    db.session.add(request)
    move_on(request, RequestStatus.SUBMITTED, verb="submit", actor=actor)
    _note_vendor(request, draft)
    keep_evidence(request, papers, actor=actor)
    _note_payee(request, draft)
    use_earlier_check(request, actor=actor)
    return request


def resubmit_request(
    public_id: str,
    draft: RequestDraft,
    *,
    papers: Sequence[Accepted] = (),
    version: int,
    actor: Actor,
) -> DisbursementRequest:
    """Send a returned request in again with other facts, and further papers; it needs a decision of
    its own.

    Raises as `submit_request` does, and StaleError, ThreePeopleError; AmountStaysError for another
    sum than was approved, when the bank could not pay it or it came back.
    """
    request, actor = lock_request(public_id, version=version, actor=actor)
    status = require_action(request, Action.RESUBMIT)
    may = may_resubmit(actor, request) and not has_handed_on(actor, request)
    require_allowed(may, actor, request)
    draft, amounts, district_code = _check(_with_kept_number(request, draft, actor), actor)
    is_other = sum(amount.amount_satang for amount in amounts) != request.total_satang
    if is_other and request.approval_entry_id is not None:
        raise AmountStaysError(field="lines", params={"amount": format_baht(request.total_satang)})
    require_within_caps(amounts, request.requested_at, request.id)
    db.session.execute(delete(RequestLine).where(RequestLine.request_id == request.id))
    db.session.expire(request, ["lines"])
    _fill(request, draft, amounts, district_code)
    db.session.flush()
    _note_vendor(request, draft)  # while it is returned: then nothing of it may change
    move_on(request, status, verb="resubmit", actor=actor)
    keep_evidence(request, papers, actor=actor)
    _note_payee(request, draft)
    use_earlier_check(request, actor=actor)
    return request


def _public_id(key: str | None, actor: Actor) -> str:
    """The address of the request that ``actor`` sends with ``key``: it is unique, so two forms of
    one key at the same time cannot both become requests.
    """
    if key is None:
        return new_public_id()
    digest = hashlib.sha256(f"{actor.person_id}:{key}".encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def _sent_before(
    public_id: str, draft: RequestDraft, amounts: Sequence[ChildAmount], district_code: str
) -> DisbursementRequest | None:
    """The request with this address, if there is one; RequestKnownError when it says other."""
    by_address = select(DisbursementRequest).where(DisbursementRequest.public_id == public_id)
    known = db.session.scalar(by_address)
    if known is None:
        return None
    same = DisbursementRequest(
        number=known.number,
        fund_code=draft.fund_code,
        district_code=district_code,
        need=draft.need,
        payee_kind=draft.payee_kind,
        payout_method=draft.payout_method,
    )
    if facts_of_draft(same, draft, _facts_lines(amounts)) != known.facts_sha256:
        raise RequestKnownError(params={"number": known.number})
    return known


def _facts_lines(amounts: Sequence[ChildAmount]) -> list[tuple[str, int]]:
    return [(amount.child.code, amount.amount_satang) for amount in amounts]


def _check(draft: RequestDraft, actor: Actor) -> tuple[RequestDraft, list[ChildAmount], str]:
    """The draft with the payee as the files name it, the children with their amounts and their one
    district, after every rule of asking.
    """
    lines = [*draft.lines, *_lines_of(draft.code_lines, actor)]
    if not lines:
        raise NoLinesError(field="lines")
    fund = hold_fund(draft.fund_code)
    if fund is None or not fund.is_open:
        raise UnknownFundError(field="fund")
    is_to_vendor = draft.payee_kind is PayeeKind.VENDOR
    is_cash = draft.payout_method is PayoutMethod.CASH
    if (draft.account is None) != is_cash and not is_to_vendor:
        raise PayeeAccountError(field="account_number")
    amounts = _amounts(lines, actor)
    districts = {amount.child.district_code for amount in amounts}
    if len(districts) > 1:
        raise OneDistrictError(field="lines")
    district_code = districts.pop()
    children = [amount.child for amount in amounts]
    asks_for = seen_of(actor, children, Permission.DISBURSEMENT_REQUEST)
    if not may_request(actor, district_code) or len(asks_for) < len(children):
        raise NotYoursError
    require_consents(children, draft.need, fund)
    reader = Reader(actor, Purpose.REQUEST_FORM)
    require_fund_rules(children, draft.need, district_code, fund, reader, actor)
    if is_to_vendor:
        return with_vendor(draft, district_code), amounts, district_code
    return _with_payee(draft, children, actor), amounts, district_code


def _with_payee(draft: RequestDraft, children: Sequence[Child], actor: Actor) -> RequestDraft:
    """The draft with a payee of the files, or with somebody else and the reason; the number has
    no spaces and hyphens.
    """
    draft = replace(draft, payee_id_number=_checked_number(draft.payee_id_number))
    if draft.payee_kind is not PayeeKind.OTHER:
        name = name_on_file(children, draft.payee_kind, draft.payee_name, actor)
        return replace(draft, payee_name=name, payee_reason="")
    if not draft.payee_name:
        raise UnreadableNameError(field="payee_name")
    require_readable_name(draft.payee_name, field="payee_name")
    if not draft.payee_reason.strip():
        raise PayeeReasonError(field="payee_reason")
    return draft


def _checked_number(number: str) -> str:
    """The payee's 13 digits; empty when they are written on the voucher by hand."""
    try:
        return check_tax_id(number) if number else ""
    except ValueError as error:
        raise PayeeNumberError(field="payee_id_number") from error


def _with_kept_number(
    request: DisbursementRequest, draft: RequestDraft, actor: Actor
) -> RequestDraft:
    """The draft with the number of the returned request where it is still there masked, for the
    same payee: the form does not show it.
    """
    if draft.payee_kind is PayeeKind.VENDOR:
        return draft
    reader = Reader(actor, Purpose.REQUEST_FORM)
    kept = payee_id_number_of(request, reader)
    if not kept or draft.payee_id_number != masked(kept):
        return draft
    is_same = fold_name(draft.payee_name) == fold_name(payee_name_of(request, reader))
    if draft.payee_name and not is_same:
        raise PayeeNumberError(field="payee_id_number")
    return replace(draft, payee_id_number=kept)


def _lines_of(lines: Sequence[CodeLineDraft], actor: Actor) -> list[LineDraft]:
    """The lines by public id; UnknownCodeError with all codes that the actor cannot see."""
    children = find_by_codes((line.code for line in lines), viewer=actor)
    unknown = [line.code for line in lines if line.code not in children]
    if unknown:
        raise UnknownCodeError(field="more_lines", params={"code": first_codes(unknown)})
    return [LineDraft(children[line.code].public_id, line.amount_satang) for line in lines]


def _amounts(lines: Sequence[LineDraft], actor: Actor) -> list[ChildAmount]:
    satang = {line.child_id: line.amount_satang for line in lines}
    if len(satang) < len(lines):
        raise ChildTwiceError(field="lines")
    children = get_children(satang, viewer=actor)
    return [ChildAmount(child, satang[child.public_id]) for child in children]


def _fill(
    request: DisbursementRequest,
    draft: RequestDraft,
    amounts: Sequence[ChildAmount],
    district_code: str,
) -> None:
    request.fund_code = draft.fund_code
    request.district_code = district_code
    request.need = draft.need
    request.payee_kind = draft.payee_kind
    request.payout_method = draft.payout_method
    request.total_satang = sum(amount.amount_satang for amount in amounts)
    encrypt_request(request, draft)
    request.lines = [
        RequestLine(
            child=amount.child, child_id=amount.child.id, amount_satang=amount.amount_satang
        )
        for amount in amounts
    ]
    request.facts_sha256 = facts_of_draft(request, draft, _facts_lines(amounts))


def _note_vendor(request: DisbursementRequest, draft: RequestDraft) -> None:
    """Keep which version of which vendor the request pays."""
    if draft.payee_kind is not PayeeKind.VENDOR:
        return
    version = get_vendor_version(draft.vendor_version)
    named = db.session.get(RequestVendor, request.id)
    if named is None:
        db.session.add(RequestVendor(request_id=request.id, version_id=version.id))
    else:
        named.version_id = version.id
    db.session.flush()


def _note_payee(request: DisbursementRequest, draft: RequestDraft) -> None:
    """Keep the hashes of the payee beside the request, whose row is there by now."""
    db.session.merge(payee_digest(request.id, draft.payee_name, draft.account))
    db.session.flush()
