"""Which bank details wait to be verified, what speaks against some, and what was verified before.
Accounts are compared by their keyed hashes; nothing is decrypted.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true, union_all
from sqlalchemy.orm import aliased

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.db import count_rows, db
from fundapp.disbursements.models import (
    AccountAnswer,
    AccountCheck,
    AccountCheckRule,
    Approval,
    Decision,
    DisbursementRequest,
    PayeeDigest,
    PayeeKind,
    Payout,
    PayoutMethod,
    PayoutReturn,
    RequestStatus,
    ReturnCause,
    StaffAccount,
)
from fundapp.disbursements.workflow import OWED_STATES
from fundapp.labels import LabelledEnum
from fundapp.markers import N_
from fundapp.paging import Page, page_of

#: Requests on one page, which one click verifies.
ACCOUNTS_SHOWN = 100
#: In these states bank details are verified.
_STATES = (RequestStatus.SUBMITTED, RequestStatus.APPROVED)
_VERIFY = Permission.DISBURSEMENT_VERIFY


class AccountWarning(LabelledEnum):
    """What speaks against the bank details of a payee, as the hashes show it."""

    CHANGED = "changed", N_("This payee was paid to another account before"), "warn"
    SHARED = "shared", N_("The account was given for another payee too"), "warn"
    REFUTED = "refuted", N_("Somebody found before that the account is not this payee's"), "bad"
    STAFF = "staff", N_("The account belongs to somebody who works for the fund"), "bad"


def is_newest_check() -> ColumnElement[bool]:
    """Whether a row of `AccountCheck` is the last one of its request."""
    other = aliased(AccountCheck)
    newest = select(func.max(other.number)).where(other.request_id == AccountCheck.request_id)
    return AccountCheck.number == newest.correlate(AccountCheck).scalar_subquery()


def is_refuted_check() -> ColumnElement[bool]:
    """Whether the bank sent a payment back since the bank details were verified: see
    `policy.current_check`.
    """
    back = (
        select(PayoutReturn.payout_id)
        .join(Payout, Payout.id == PayoutReturn.payout_id)
        .where(
            Payout.request_id == AccountCheck.request_id,
            Payout.id > AccountCheck.id,
            PayoutReturn.cause == ReturnCause.BANK,
        )
    )
    return back.correlate(AccountCheck).exists()


def list_accounts_to_verify(
    viewer: Actor, *, after: int | None = None, limit: int = ACCOUNTS_SHOWN
) -> Page[DisbursementRequest]:
    """The requests whose bank details the viewer can verify, the oldest first, by key. For each
    state and district one range of an index is read, from its beginning.
    """
    row_id, everywhere = DisbursementRequest.id, viewer.can_everywhere(_VERIFY)
    conditions: list[ColumnElement[bool]] = [row_id > after] if after is not None else []
    oldest = [
        _waiting(viewer, select(row_id.label("id")), status)
        .where(*conditions, *([] if code is None else [DisbursementRequest.district_code == code]))
        .order_by(row_id)
        .limit(limit + 1)
        .subquery()
        for status in _STATES
        for code in ([None] if everywhere else sorted(viewer.districts_of(_VERIFY)))
    ]
    if not oldest:
        return Page([], None)
    ids = union_all(*(select(each.c.id) for each in oldest))
    statement = select(DisbursementRequest).where(row_id.in_(ids))
    rows = db.session.scalars(statement.order_by(DisbursementRequest.id).limit(limit + 1)).all()
    return page_of(rows, limit, lambda request: request.id)


def count_accounts_to_verify(viewer: Actor) -> int:
    """How many there are."""
    return count_rows(_to_verify(viewer, select(DisbursementRequest.id)))


def checks_of(ids: Collection[int]) -> dict[int, AccountCheck]:
    """The check that counts of each of these requests that has one."""
    statement = (
        select(AccountCheck)
        .join(DisbursementRequest, DisbursementRequest.id == AccountCheck.request_id)
        .where(
            AccountCheck.request_id.in_(ids),
            AccountCheck.facts_sha256 == DisbursementRequest.facts_sha256,
            is_newest_check(),
            ~is_refuted_check(),
        )
    )
    return {check.request_id: check for check in db.session.scalars(statement)}


def reuse_days_at(now: datetime) -> int:
    """For how many days a verified account is used again, by the rule of that moment."""
    rule = AccountCheckRule
    days = (
        select(rule.reuse_days)
        .where(rule.starts_on <= now.astimezone(UTC).date())
        .order_by(rule.starts_on.desc())
        .limit(1)
    )
    return db.session.scalar(days) or 0


def find_earlier_check(request: DisbursementRequest, now: datetime) -> AccountCheck | None:
    """What somebody verified lately of the same payee on file and account, by another person than
    who asks now; None when the last that was found of them was that they differ.
    """
    own = db.session.get(PayeeDigest, request.id)
    if own is None or own.account_lookup is None or request.payee_kind is PayeeKind.OTHER:
        return None
    statement = (
        select(AccountCheck)
        .join(DisbursementRequest, DisbursementRequest.id == AccountCheck.request_id)
        .join(PayeeDigest, PayeeDigest.request_id == AccountCheck.request_id)
        .where(
            PayeeDigest.account_lookup == own.account_lookup,
            PayeeDigest.payee_lookup == own.payee_lookup,
            or_(
                AccountCheck.facts_sha256 == DisbursementRequest.facts_sha256,
                AccountCheck.answer == AccountAnswer.DIFFERS,
            ),
            AccountCheck.earlier_id.is_(None),
            ~is_refuted_check(),
            AccountCheck.checked_at >= now - timedelta(days=reuse_days_at(now)),
        )
        .order_by(AccountCheck.checked_at.desc(), AccountCheck.id.desc())
        .limit(1)
    )
    last = db.session.scalar(statement)
    is_usable = (
        last is not None
        and last.answer is AccountAnswer.MATCHES
        and last.checked_by_id != request.requested_by_id
    )
    return last if is_usable else None


def find_account_warnings(ids: Collection[int]) -> dict[int, set[AccountWarning]]:
    """What speaks against the bank details of these requests, by request."""
    found: dict[int, set[AccountWarning]] = {}
    own, other, request = PayeeDigest, aliased(PayeeDigest), DisbursementRequest
    is_paid = and_(request.id == other.request_id, request.status.in_(OWED_STATES))
    wanted = select(own.request_id).where(own.request_id.in_(ids), own.account_lookup.is_not(None))
    same_payee = and_(
        other.payee_lookup == own.payee_lookup, other.account_lookup != own.account_lookup
    )
    same_account = and_(
        other.account_lookup == own.account_lookup, other.payee_lookup != own.payee_lookup
    )
    conditions = {
        AccountWarning.CHANGED: exists(select(other.request_id).join(request, is_paid)).where(
            same_payee
        ),
        AccountWarning.SHARED: exists(select(other.request_id).where(same_account)),
        AccountWarning.REFUTED: exists(
            select(AccountCheck.id).join(other, other.request_id == AccountCheck.request_id)
        ).where(
            other.account_lookup == own.account_lookup,
            other.payee_lookup == own.payee_lookup,
            AccountCheck.answer == AccountAnswer.DIFFERS,
        ),
        AccountWarning.STAFF: exists(
            select(StaffAccount.id).where(StaffAccount.account_lookup == own.account_lookup)
        ),
    }
    for warning, condition in conditions.items():
        for request_id in db.session.scalars(wanted.where(condition)):
            found.setdefault(request_id, set()).add(warning)
    return found


def _to_verify(viewer: Actor, statement: Select[Any]) -> Select[Any]:
    """Those of every state, in the viewer's districts."""
    return _waiting(viewer, statement, *_STATES).where(_in_districts(viewer))


def _waiting(viewer: Actor, statement: Select[Any], *states: RequestStatus) -> Select[Any]:
    """The rule of `policy.may_verify_account`, as SQL, of what nobody has looked at as it is."""
    request, me = DisbursementRequest, viewer.user_id
    looked_at = select(AccountCheck.id).where(
        AccountCheck.request_id == request.id,
        AccountCheck.facts_sha256 == request.facts_sha256,
        ~is_refuted_check(),
    )
    approved = select(Approval.id).where(
        Approval.request_id == request.id,
        Approval.approver_id == me,
        Approval.decision == Decision.APPROVE,
    )
    return statement.where(
        request.status.in_(states) if len(states) > 1 else request.status == states[0],
        request.payout_method != PayoutMethod.CASH,
        request.requested_by_id != me,
        ~looked_at.exists(),
        ~approved.exists(),
    )


def _in_districts(viewer: Actor) -> ColumnElement[bool]:
    if viewer.can_everywhere(_VERIFY):
        return true()
    return DisbursementRequest.district_code.in_(viewer.districts_of(_VERIFY))
