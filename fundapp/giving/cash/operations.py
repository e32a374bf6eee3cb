"""Boxes are put out and changed; cash is counted by one person and confirmed by another."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.name_guard import require_no_child_named
from fundapp.db import db, lock
from fundapp.errors import FormUsedError, NotFoundError, StaleError
from fundapp.giving.cash.drafts import CountDraft
from fundapp.giving.cash.errors import (
    BagUsedError,
    BoxError,
    CountDoneError,
    CountError,
    DifferenceUnnamedError,
    PiecesDifferError,
    SameCounterError,
    TotalDiffersError,
)
from fundapp.giving.cash.policy import may_count_cash
from fundapp.giving.drafts import IncomingPayment
from fundapp.giving.models import (
    BoxStatus,
    CampaignEvent,
    CashCount,
    CashCountPiece,
    CountKind,
    CountStatus,
    DonationBox,
    Method,
    Payment,
)
from fundapp.giving.models.cash_counts import DENOMINATIONS
from fundapp.giving.operations import receive_payment
from fundapp.giving.policy import asset_accounts
from fundapp.identity.queries import public_ids_of
from fundapp.ledger.chart import is_cash_box
from fundapp.ledger.errors import OtherAccountError
from fundapp.ledger.models import Fund
from fundapp.ledger.queries import find_holdings, list_accounts
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.proposals.resets import may_be_one_person
from fundapp.trail.operations import record_event

_MOST_PIECES = 100_000


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is counted, and the cash accounts that it may be booked to."""

    box: DonationBox | None
    event: CampaignEvent | None
    fund: Fund | None
    accounts: Sequence[str]


def put_out_box(
    number: int, *, place: str, keeper: str, fund_code: str, actor: Actor
) -> DonationBox:
    """Register a donation box under the number that is painted on it.

    Raises ForbiddenError, NotFoundError for the fund, BoxError and ChildNamedError.
    """
    require(may_count_cash(actor))
    _check_box(place, keeper)
    fund = lock(select(Fund).where(Fund.code == fund_code))
    if fund is None:
        raise NotFoundError
    if db.session.scalar(select(DonationBox.id).where(DonationBox.number == number)) is not None:
        raise BoxError(field="number")
    box = DonationBox(number=number, place=place, keeper=keeper, fund=fund, version=1)
    db.session.add(box)
    _record_box("put-out", box, actor)
    db.session.flush()
    return box


def change_box(
    number: int, *, place: str, keeper: str, status: BoxStatus, version: int, actor: Actor
) -> DonationBox:
    """Change where a box stands, who keeps it, and whether it is out.

    Raises ForbiddenError, NotFoundError, StaleError, BoxError and ChildNamedError.
    """
    require(may_count_cash(actor))
    _check_box(place, keeper)
    box = lock(
        select(DonationBox).where(DonationBox.number == number).options(lazyload(DonationBox.fund))
    )
    if box is None:
        raise NotFoundError
    if box.version != version:
        raise StaleError
    before = box.place, box.status
    box.place, box.keeper, box.status = place, keeper, status
    box.version += 1
    # Who keeps it is a person's name: the trail, which nobody may erase, says only that it changed.
    changes: dict[str, tuple[object, object]] = {
        "place": (before[0], place),
        "status": (before[1], status),
    }
    told = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    _record_box("change", box, actor, told)
    db.session.flush()
    return box


def count_cash(draft: CountDraft, *, key: str, actor: Actor) -> CashCount:
    """Record what one person counted; it counts for nothing until another confirms it.

    The same form (``key``) twice is one count. Raises ForbiddenError, NotFoundError, CountError,
    PiecesDifferError, BagUsedError, DifferenceUnnamedError, OtherAccountError and FormUsedError.
    """
    require(may_count_cash(actor))
    known = db.session.scalar(select(CashCount).where(CashCount.idempotency_key == key))
    if known is not None:
        if known.form_digest != draft.digest:
            raise FormUsedError
        return known
    _check_count(draft)
    subject = _subject_of(draft)
    books = None
    if draft.kind is CountKind.OFFICE:
        books = find_holdings().in_all(draft.subject)
        _require_named(draft, books)
    count = CashCount(
        kind=draft.kind,
        box=subject.box,
        event=subject.event,
        fund=subject.fund,
        account_code=_account(draft, subject),
        counted_on=draft.counted_on,
        bag_number=draft.bag_number or None,
        total_satang=draft.total_satang,
        book_satang=books,
        difference=draft.difference if books not in (None, draft.total_satang) else None,
        status=CountStatus.COUNTED,
        counted_by_id=actor.person_id,
        counted_at=clock.now(),
        idempotency_key=key,
        form_digest=draft.digest,
    )
    db.session.add(count)
    db.session.flush()
    db.session.add_all(
        CashCountPiece(count_id=count.id, denomination_satang=value, pieces=pieces)
        for value, pieces in sorted(draft.pieces.items())
        if pieces
    )
    _record("record", count, actor)
    db.session.flush()
    return count


def confirm_count(public_id: str, *, total_satang: int, actor: Actor) -> CashCount:
    """Confirm what somebody else counted, with the total that the actor counted; that of a box or
    an event is then booked as a gift in cash, with a receipt.

    Raises ForbiddenError, NotFoundError, CountDoneError, SameCounterError, TotalDiffersError and
    what `receive_payment` raises.
    """
    require(may_count_cash(actor))
    count = _lock_other(public_id, actor)
    if total_satang != count.total_satang:
        raise TotalDiffersError(field="total")
    payment = None
    if count.kind is not CountKind.OFFICE:
        payment = receive_payment(_incoming(count), actor=actor)
    _finish(count, CountStatus.CONFIRMED, actor, payment)
    return count


def refuse_count(public_id: str, *, actor: Actor) -> CashCount:
    """Say that what somebody else counted is wrong: nothing is booked, and its bag may be counted
    again.

    Raises ForbiddenError, NotFoundError, CountDoneError and SameCounterError.
    """
    require(may_count_cash(actor))
    count = _lock_other(public_id, actor)
    _finish(count, CountStatus.REFUSED, actor)
    return count


def _lock_other(public_id: str, actor: Actor) -> CashCount:
    """A count that waits and that somebody else made, locked."""
    count = lock(select(CashCount).where(CashCount.public_id == public_id))
    if count is None:
        raise NotFoundError
    if count.status is not CountStatus.COUNTED:
        raise CountDoneError
    if count.counted_by_id == actor.person_id or any(
        may_be_one_person(actor.ref, other) for other in public_ids_of({count.counted_by_id})
    ):
        raise SameCounterError
    return count


def _finish(
    count: CashCount, status: CountStatus, actor: Actor, payment: Payment | None = None
) -> None:
    count.status, count.payment = status, payment
    count.confirmed_by_id, count.confirmed_at = actor.person_id, clock.now()
    _record("confirm" if status is CountStatus.CONFIRMED else "refuse", count, actor)
    db.session.flush()


def _incoming(count: CashCount) -> IncomingPayment:
    """The gift of everybody who put something in: nobody knows who they are."""
    return IncomingPayment(
        amount_satang=count.total_satang,
        received_on=count.counted_on,
        method=Method.CASH,
        asset_account_code=count.account_code,
        fund_code=count.fund_code,
        is_anonymous=True,
        external_ref=f"cash-count:{count.public_id}",
    )


def _check_box(place: str, keeper: str) -> None:
    if not place:
        raise BoxError(N_("Write where the box stands."), field="place")
    require_no_child_named(place, field="place")
    require_no_child_named(keeper, field="keeper")


def _check_count(draft: CountDraft) -> None:
    if draft.counted_on > clock.today():
        raise CountError(field="counted_on")
    if draft.kind is not CountKind.OFFICE:
        if draft.total_satang <= 0:
            raise CountError(N_("The amount must be more than zero."), field="total")
        if not draft.bag_number:
            raise CountError(
                N_("Write the number that is printed on the closed bag."), field="bag_number"
            )
    known = set(DENOMINATIONS)
    if any(
        value not in known or not 0 <= count <= _MOST_PIECES
        for value, count in draft.pieces.items()
    ):
        raise CountError(N_("Write how many there are of each note and coin."), field="total")
    if draft.pieces_satang != draft.total_satang:
        raise PiecesDifferError(
            field="total",
            params={
                "pieces": format_baht(draft.pieces_satang),
                "total": format_baht(draft.total_satang),
            },
        )
    same = select(CashCount.id).where(
        CashCount.bag_number == draft.bag_number, CashCount.status != CountStatus.REFUSED
    )
    if draft.bag_number and db.session.scalar(same) is not None:
        raise BagUsedError(field="bag_number")


def _subject_of(draft: CountDraft) -> _Subject:
    if draft.kind is CountKind.OFFICE:
        codes = [account.code for account in list_accounts() if is_cash_box(account.code)]
        if draft.subject not in codes:
            raise NotFoundError
        return _Subject(None, None, None, [draft.subject])
    if draft.kind is CountKind.BOX:
        number = int(draft.subject) if draft.subject.isascii() and draft.subject.isdigit() else 0
        box = db.session.scalar(select(DonationBox).where(DonationBox.number == min(number, 9999)))
        if box is None:
            raise NotFoundError
        return _Subject(box, None, box.fund, asset_accounts(box.fund, Method.CASH))
    found = select(CampaignEvent).where(CampaignEvent.public_id == draft.subject)
    event = db.session.scalar(found)
    if event is None:
        raise NotFoundError
    fund = event.campaign.fund
    return _Subject(None, event, fund, asset_accounts(fund, Method.CASH))


def _account(draft: CountDraft, subject: _Subject) -> str:
    """The cash box that was chosen, or the only one there is."""
    if draft.kind is CountKind.OFFICE:
        return draft.subject
    code = draft.account_code or next(iter(subject.accounts), "")
    if code not in subject.accounts:
        raise OtherAccountError(field="account")
    return code


def _require_named(draft: CountDraft, books: int) -> None:
    if draft.total_satang != books and draft.difference is None:
        raise DifferenceUnnamedError(
            field="difference",
            params={
                "books": format_baht(books),
                "counted": format_baht(draft.total_satang),
                "difference": format_baht(draft.total_satang - books),
            },
        )


def _record(verb: str, count: CashCount, actor: Actor) -> None:
    record_event(
        f"giving:cash-count:{verb}",
        actor=actor,
        subject_type="cash_count",
        subject_ref=count.public_id,
    )


def _record_box(
    verb: str,
    box: DonationBox,
    actor: Actor,
    changes: dict[str, tuple[object, object]] | None = None,
) -> None:
    record_event(
        f"giving:donation-box:{verb}",
        actor=actor,
        subject_type="donation_box",
        subject_ref=str(box.number),
        changes=changes,
    )
