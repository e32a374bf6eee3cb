"""Rules of receipts, what was drawn and waits for whom, overdue proofs. Nothing is decrypted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, lazyload

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.callbacks.models import (
    NUMBER_PREFIX,
    Callback,
    CallbackAnswer,
    CallbackDraw,
    CallbackOutcome,
    ReceiptRules,
)
from fundapp.db import after_day, count_rows, db, page_by_day
from fundapp.disbursements.models import (
    AccountCheck,
    DisbursementRequest,
    Payout,
    PayoutReturn,
    RequestStatus,
    ReturnCause,
)
from fundapp.disbursements.queries import is_payment_of_request, sees_request, visible_requests
from fundapp.disbursements.queries.account_checks import is_newest_check, is_refuted_check
from fundapp.disbursements.queries.visibility import is_request_handed_on
from fundapp.errors import NotFoundError
from fundapp.identity.models import User, UserStatus
from fundapp.ids import from_readable, readable
from fundapp.ledger.periods import month_start
from fundapp.paging import Page, day_key_text, page_of
from fundapp.places.models import District

_MOST_SHOWN = 50
#: What is paid and neither confirmed nor reported as a problem.
_UNPROVED = DisbursementRequest.status == RequestStatus.PAID
#: What lists show of a request: its number and district, nothing that grows with its children.
_IN_LISTS = (lazyload("*"), joinedload(DisbursementRequest.district))
_ASKER = joinedload(DisbursementRequest.requested_by)


@dataclass(frozen=True, slots=True)
class DrawView:
    """A month that was drawn, with how many calls reached somebody and confirmed the amount."""

    draw: CallbackDraw
    reached: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class CallbackRow:
    """What lists show of a payment that was drawn: ``came_back`` says why the help came back,
    ``outcome`` what the last call gave, if there is any.
    """

    number: str
    request_number: str
    district: District
    paid_on: date
    came_back: ReturnCause | None
    outcome: CallbackOutcome | None


def find_receipt_rules(on: date) -> ReceiptRules | None:
    """The rules that count on a day."""
    begun = select(ReceiptRules).where(ReceiptRules.starts_on <= on).options(lazyload("*"))
    return db.session.scalar(begun.order_by(ReceiptRules.starts_on.desc()).limit(1))


def list_receipt_rules() -> Sequence[ReceiptRules]:
    """The newest rules, those that begin later first."""
    newest = select(ReceiptRules).order_by(ReceiptRules.starts_on.desc()).limit(_MOST_SHOWN)
    return db.session.scalars(newest).all()


def month_bounds(month: date) -> tuple[datetime, datetime]:
    """The instants at which the month of a day begins and ends in Thailand."""
    first = month_start(month)
    return clock.day_bounds(first, month_start(first + timedelta(days=31)) - timedelta(days=1))


def list_payments(month: date) -> list[tuple[str, int]]:
    """Voucher and id of each payment that was recorded in the month, by voucher. No payment joins a
    month that is over: it is counted by when it was recorded.
    """
    begin, end = month_bounds(month)
    statement = (
        select(Payout.voucher, Payout.id)
        .where(Payout.recorded_at >= begin, Payout.recorded_at < end)
        .order_by(Payout.voucher)
    )
    return sorted((voucher, payout_id) for voucher, payout_id in db.session.execute(statement))


def months_to_draw() -> list[date]:
    """Months that are over, have payments and rules that were in force at their end, and are not
    drawn, by first day.
    """
    first = db.session.scalar(select(func.min(ReceiptRules.starts_on)))
    if first is None:
        return []
    drawn = set(db.session.scalars(select(CallbackDraw.month_on)))
    month, this_month, months = month_start(first), month_start(clock.today()), []
    while month < this_month:
        begin, end = month_bounds(month)
        paid = select(Payout.id).where(Payout.recorded_at >= begin, Payout.recorded_at < end)
        if month not in drawn and db.session.scalar(paid.limit(1)) is not None:
            months.append(month)
        month = month_start(month + timedelta(days=31))
    return months


def list_draws() -> list[DrawView]:
    """The newest months that were drawn, with what their calls gave so far."""
    newest = select(CallbackDraw).order_by(CallbackDraw.month_on.desc()).options(lazyload("*"))
    draws = db.session.scalars(newest.limit(_MOST_SHOWN)).all()
    counts: dict[int, Counter[CallbackOutcome]] = {draw.id: Counter() for draw in draws}
    statement = (
        select(Callback.draw_id, CallbackAnswer.outcome, func.count())
        .join(CallbackAnswer, CallbackAnswer.callback_id == Callback.id)
        .where(Callback.draw_id.in_(counts), CallbackAnswer.outcome != CallbackOutcome.UNREACHED)
        .group_by(Callback.draw_id, CallbackAnswer.outcome)
    )
    for draw_id, outcome, count in db.session.execute(statement):
        counts[draw_id][outcome] = count
    return [
        DrawView(draw, counts[draw.id].total(), counts[draw.id][CallbackOutcome.RECEIVED])
        for draw in draws
    ]


def get_callback(number: str, *, viewer: Actor) -> Callback:
    """The call-back with this number; NotFoundError, also where it is not the viewer's to see."""
    callback = db.session.get(Callback, from_readable(number, NUMBER_PREFIX) or 0)
    if callback is None or not sees_request(viewer, callback.request):
        raise NotFoundError
    return callback


def find_answer_of_key(key: str) -> CallbackAnswer | None:
    """What the form with this id recorded."""
    return db.session.scalar(select(CallbackAnswer).where(CallbackAnswer.idempotency_key == key))


def list_callbacks(
    viewer: Actor, *, waiting: bool, after: str | None = None, limit: int = 50
) -> Page[CallbackRow]:
    """Drawn payments that the viewer may see, the latest paid first, or may call about, the longest
    paid first; paged by day of payment and id.
    """
    day, row_id = Payout.paid_on, Payout.id
    order = (day, row_id) if waiting else (day.desc(), row_id.desc())
    columns: Select[Any] = select(day, row_id).add_columns(Callback.id)
    drawn = _callbacks(viewer, columns, waiting=waiting)
    behind = after_day(after, day, row_id, newest_first=not waiting)
    rows = db.session.execute(drawn.where(*behind).order_by(*order).limit(limit + 1)).all()
    page = page_of(rows, limit, lambda row: day_key_text(row[0], row[1]))
    payout_ids = [payout_id for _paid_on, payout_id, _callback_id in page.rows]
    requests, causes = _requests_paid(payout_ids), _comebacks(payout_ids)
    outcomes = _last_outcomes([callback_id for _paid_on, _payout_id, callback_id in page.rows])
    found = [
        CallbackRow(
            readable(callback_id, NUMBER_PREFIX),
            *requests[payout_id],
            paid_on,
            causes.get(payout_id),
            outcomes.get(callback_id),
        )
        for paid_on, payout_id, callback_id in page.rows
    ]
    return Page(found, page.next_key)


def _requests_paid(payout_ids: Sequence[int]) -> dict[int, tuple[str, District]]:
    """Number and district of the request that each of these payments is of."""
    paid = (
        select(Payout.id, DisbursementRequest.number, District)
        .join(DisbursementRequest, DisbursementRequest.id == Payout.request_id)
        .join(DisbursementRequest.district)
        .where(Payout.id.in_(payout_ids))
    )
    return {
        payout_id: (number, district) for payout_id, number, district in db.session.execute(paid)
    }


def _comebacks(payout_ids: Sequence[int]) -> dict[int, ReturnCause]:
    """Why the help of these payments came back, of those that did."""
    back = select(PayoutReturn.payout_id, PayoutReturn.cause)
    rows = db.session.execute(back.where(PayoutReturn.payout_id.in_(payout_ids)))
    return {row.payout_id: row.cause for row in rows}


def _last_outcomes(callback_ids: Sequence[int]) -> dict[int, CallbackOutcome]:
    """What the last call of each gave, of those that were called about."""
    calls = select(CallbackAnswer.callback_id, CallbackAnswer.outcome)
    in_order = calls.where(CallbackAnswer.callback_id.in_(callback_ids)).order_by(CallbackAnswer.id)
    return {row.callback_id: row.outcome for row in db.session.execute(in_order)}


def count_callbacks(viewer: Actor) -> int:
    """How many payments the viewer may call about."""
    return count_rows(_callbacks(viewer, select(Callback.id), waiting=True))


def _callbacks(viewer: Actor, statement: Select[Any], *, waiting: bool) -> Select[Any]:
    reached = select(CallbackAnswer.id).where(
        CallbackAnswer.callback_id == Callback.id,
        CallbackAnswer.outcome != CallbackOutcome.UNREACHED,
    )
    permission = Permission.DISBURSEMENT_PROVE if waiting else Permission.DISBURSEMENT_READ
    # Asked of each payment that was drawn: as a join, SQLite would begin with all requests.
    own = select(DisbursementRequest.id).where(
        DisbursementRequest.id == Payout.request_id, visible_requests(viewer, permission)
    )
    statement = statement.select_from(Callback).join(Payout, Payout.id == Callback.payout_id)
    if waiting:
        is_strange = and_(
            Payout.requested_by_id != viewer.user_id, Payout.payer_id != viewer.user_id
        )
        own_check = select(AccountCheck.id).where(
            AccountCheck.request_id == DisbursementRequest.id,
            AccountCheck.checked_by_id == viewer.user_id,
            AccountCheck.facts_sha256 == DisbursementRequest.facts_sha256,
            is_newest_check(),
            ~is_refuted_check(),
        )
        own = own.where(~own_check.exists())
        statement = statement.where(~reached.exists(), is_strange)
    return statement.where(own.exists())


def list_overdue_proofs(
    viewer: Actor, today: date, *, after: str | None = None, limit: int = 50
) -> Page[Payout]:
    """Payments whose proof of receipt the viewer has to see to, the longest paid first; paged by
    day of payment and id.
    """
    statement = _overdue_of(viewer, today, select(Payout))
    return page_by_day(statement, Payout.paid_on, Payout.id, after=after, limit=limit)


def requests_of(payouts: Sequence[Payout]) -> dict[int, DisbursementRequest]:
    """The requests of these payments, by id."""
    wanted = select(DisbursementRequest).where(
        DisbursementRequest.id.in_([payout.request_id for payout in payouts])
    )
    found = db.session.scalars(wanted.options(*_IN_LISTS, _ASKER))
    return {each.id: each for each in found}


def count_overdue_proofs(viewer: Actor, today: date) -> int:
    """How many there are; none before rules were confirmed."""
    return count_rows(_overdue_of(viewer, today, select(Payout.id)))


def _overdue_of(viewer: Actor, today: date, statement: Select[Any]) -> Select[Any]:
    """Who asked for the help sees to what is overdue; a supervisor to what is overdue for longer,
    or was asked for by somebody who cannot sign in any more, or handed the children on.
    """
    rules = find_receipt_rules(today)
    statement = statement.select_from(Payout).join(DisbursementRequest, is_payment_of_request())
    if rules is None:
        return statement.where(Payout.id.is_(None))
    is_late = Payout.paid_on < today - timedelta(days=rules.overdue_days)
    has_left = is_request_handed_on(Payout.requested_by_id)
    is_own = and_(Payout.requested_by_id == viewer.user_id, ~has_left)
    if viewer.can(Permission.PLAN_AGREE):
        active = select(User.id).where(User.status == UserStatus.ACTIVE)
        is_later = or_(
            Payout.paid_on < today - timedelta(days=rules.supervisor_days),
            Payout.requested_by_id.not_in(active),
            has_left,
        )
        is_own = or_(is_own, and_(is_later, visible_requests(viewer, Permission.PLAN_AGREE)))
    return statement.where(_UNPROVED, is_late, is_own)
