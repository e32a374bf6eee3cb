"""What a line may be the return of: gifts that the bank took back, help that it sent back."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import lazyload

from fundapp.banking.matching import reasons
from fundapp.banking.matching.candidates import NEAR_DAYS, Candidate, return_entry
from fundapp.banking.matching.policy import shares_number, text_of, vouchers_in
from fundapp.banking.models import Match, StatementLine
from fundapp.db import db
from fundapp.disbursements.models import Payout, PayoutReturn, ShareReturn
from fundapp.disbursements.queries import (
    COMEBACK_WITHIN,
    has_larger_payout,
    list_returnable_payouts,
)
from fundapp.giving.models import Payment, PaymentStatus, ReturnReason
from fundapp.giving.policy import is_returnable
from fundapp.ledger.models import EntryKind, JournalEntry, Posting
from fundapp.ledger.queries import is_of_kinds
from fundapp.remarks.models import RemarkKind
from fundapp.remarks.reader import words_to_compare

#: A bank takes money back at most so long after it came.
RETURN_DAYS = 180
_MOST = 400
#: (kind, entry id, day, account, amount).
_Entries = Select[int, int, date | None, str, int] | Select[int, int, date, str, int]
#: Kinds of entries, in the order in which they are read, with why one may be of a line.
_COME_BACK, _SHARES_BACK, _RETURNED, _TAKEN = range(4)
_WHY = {
    _COME_BACK: reasons.CAME_BACK,
    _SHARES_BACK: reasons.SHARES_BACK,
    _RETURNED: reasons.RETURNED,
    _TAKEN: reasons.RETURNED,
}
#: Whether an entry has a line.
_HAS_LINE = select(Match.id).where(
    Match.journal_entry_id == JournalEntry.id, Match.undone_at.is_(None)
)


@dataclass(frozen=True, slots=True)
class ReturnablePayment:
    """A payment that the line may be the return of; ``is_named``: a number of some length, such as
    a cheque's, is in the line's text and in what is known of the payment.
    """

    payment: Payment
    is_named: bool


def list_return_entries(lines: Sequence[StatementLine]) -> dict[int, list[Candidate]]:
    """Entries of returned gifts and of help that came back, without a line, of the amount and
    account of each line of money out or in, by the id of the line.
    """
    deposits = [line for line in lines if line.deposit_satang]
    withdrawals = [line for line in lines if line.withdrawal_satang]
    found = [
        *(_fitting(_help_come_back(), deposits) if deposits else ()),
        *(_fitting(_gifts_taken_back(), withdrawals) if withdrawals else ()),
    ]
    entries = load_entries({row.id for _line, row in found})
    by_line: dict[int, list[Candidate]] = {}
    for line, row in found:
        candidate = return_entry(line, entries[row.id], row.returned_on, _WHY[row.kind])
        by_line.setdefault(line.id, []).append(candidate)
    return by_line


def load_entries(entry_ids: Collection[int]) -> dict[int, JournalEntry]:
    """These entries, by id."""
    if not entry_ids:
        return {}
    rows = db.session.scalars(select(JournalEntry).where(JournalEntry.id.in_(entry_ids)))
    return {entry.id: entry for entry in rows}


def _fitting(
    statement: Select[Any], lines: Sequence[StatementLine]
) -> list[tuple[StatementLine, Row[Any]]]:
    """Each line with each row of the statement that is of its amount, account and days."""
    tolerance = timedelta(days=NEAR_DAYS)
    days = [line.booked_on for line in lines]
    asked = {
        "first": min(days) - tolerance,
        "last": max(days) + tolerance,
        "amounts": sorted({line.moved_satang for line in lines}),
    }
    rows = db.session.execute(statement, asked).all()
    return [
        (line, row)
        for line in (lines if rows else ())
        for row in rows
        if row.returned_on is not None
        and row.account_code == line.statement.bank_account.account_code
        and abs(row.returned_on - line.booked_on) <= tolerance
        and row.total_satang == line.moved_satang
    ]


@cache
def _help_come_back() -> Select[Any]:
    """Of help that came back, whole or in shares: put together once, as the next one, because that
    took longer than to ask it.
    """
    return _of_kinds(
        select(
            literal(kind).label("kind"),
            JournalEntry.id,
            back.returned_on,
            Payout.paid_from_account_code.label("account_code"),
            JournalEntry.total_satang,
        )
        .join(back, back.journal_entry_id == JournalEntry.id)
        .join(Payout, Payout.id == back.payout_id)
        .where(
            _is_about(back.returned_on),
            # Few entries are of returns: those are sought first, not all of these amounts.
            JournalEntry.id.in_(select(back.journal_entry_id).where(_is_about(back.returned_on))),
            _is_of_amounts(JournalEntry.total_satang),
            ~_HAS_LINE.exists(),
        )
        .order_by(back.returned_on, JournalEntry.id)
        for kind, back in ((_COME_BACK, PayoutReturn), (_SHARES_BACK, ShareReturn))
    )


@cache
def _gifts_taken_back() -> Select[Any]:
    """Of gifts that the bank took back, and of refunded ones that it took back as well."""
    account_code = Posting.credit_account_code.label("account_code")
    returned = (
        select(
            literal(_RETURNED).label("kind"),
            JournalEntry.id,
            Payment.returned_on,
            account_code,
            JournalEntry.total_satang,
        )
        .join(JournalEntry, JournalEntry.id == Payment.reversal_entry_id)
        .join(Posting, (Posting.entry_id == JournalEntry.id) & (Posting.position == 1))
        .where(
            _is_about(Payment.returned_on),
            _is_of_amounts(Payment.amount_satang),
            ~_HAS_LINE.exists(),
        )
        .order_by(Payment.returned_on, Payment.id)
    )
    taken = (
        select(
            literal(_TAKEN).label("kind"),
            JournalEntry.id,
            JournalEntry.entry_on.label("returned_on"),
            account_code,
            JournalEntry.total_satang,
        )
        .join(Posting, (Posting.entry_id == JournalEntry.id) & (Posting.position == 1))
        .where(
            is_of_kinds(EntryKind.GIFT_TAKEN),
            _is_about(JournalEntry.entry_on),
            _is_of_amounts(JournalEntry.total_satang),
            ~_HAS_LINE.exists(),
        )
        .order_by(JournalEntry.id)
    )
    return _of_kinds((returned, taken))


def _of_kinds(statements: Iterable[_Entries]) -> Select[Any]:
    """The first of each, those of one kind after those of another."""
    firsts = (statement.limit(_MOST).subquery() for statement in statements)
    rows = union_all(*(select(*first.c) for first in firsts)).subquery()
    return select(*rows.c).order_by(rows.c.kind, rows.c.returned_on, rows.c.id)


def _is_about(day: Any) -> ColumnElement[bool]:
    return cast(ColumnElement[bool], day.between(bindparam("first"), bindparam("last")))


def _is_of_amounts(satang: Any) -> ColumnElement[bool]:
    return cast(ColumnElement[bool], satang.in_(bindparam("amounts", expanding=True)))


def list_comebacks(line: StatementLine) -> list[Payout]:
    """Payments of help that a line of money in may be the return of."""
    return _payouts_before([line]) if line.deposit_satang else []


def find_comebacks(lines: Sequence[StatementLine]) -> dict[int, Payout]:
    """The payment of help that each line of money in may be the return of, by the id of the line:
    the one that the text names, else the latest of its amount out of its account.
    """
    deposits = [line for line in lines if line.deposit_satang]
    payouts = _payouts_before(deposits) if deposits else []
    found: dict[int, Payout] = {}
    for line in deposits:
        own = [
            payout
            for payout in payouts
            if payout.amount_satang == line.deposit_satang
            and payout.paid_from_account_code == line.statement.bank_account.account_code
            and payout.paid_on <= line.booked_on <= payout.paid_on + COMEBACK_WITHIN
        ]
        if own:
            named = vouchers_in(text_of(line))
            own.sort(key=lambda each: (each.voucher in named, each.paid_on, each.id))
            found[line.id] = own[-1]
    return found


def _payouts_before(deposits: Sequence[StatementLine]) -> list[Payout]:
    days = [line.booked_on for line in deposits]
    return list_returnable_payouts(
        {line.deposit_satang for line in deposits},
        (min(days), max(days)),
        account_codes={line.statement.bank_account.account_code for line in deposits},
        named={voucher for line in deposits for voucher in vouchers_in(text_of(line))},
    )


def could_be_shares(line: StatementLine) -> bool:
    """Whether a line of money in may be shares of a payment of help: more was paid out of the
    account in the half year before.
    """
    account_code = line.statement.bank_account.account_code
    return bool(line.deposit_satang) and has_larger_payout(
        line.deposit_satang, line.booked_on, account_code=account_code
    )


def list_returnable(line: StatementLine, limit: int = 20) -> list[ReturnablePayment]:
    """Payments of the line's amount into its account, at most `RETURN_DAYS` before it: those that
    the text names first, then the latest.
    """
    if not line.withdrawal_satang:
        return []
    taken = select(JournalEntry.id).where(
        is_of_kinds(EntryKind.GIFT_TAKEN), JournalEntry.source_ref == Payment.public_id
    )
    query = (
        select(Payment)
        .join(Posting, (Posting.entry_id == Payment.journal_entry_id) & (Posting.position == 1))
        .where(
            Payment.amount_satang == line.withdrawal_satang,
            Payment.received_on.between(
                line.booked_on - timedelta(days=RETURN_DAYS), line.booked_on
            ),
            # What was refunded is taken back as a whole; the entry stands for having been taken.
            or_(
                Payment.status == PaymentStatus.RECEIVED,
                and_(Payment.return_reason == ReturnReason.REFUND, ~taken.exists()),
            ),
            Posting.debit_account_code == line.statement.bank_account.account_code,
        )
        .order_by(Payment.received_on.desc(), Payment.id.desc())
        .limit(_MOST)
    )
    payments = [row for row in db.session.scalars(query).unique() if is_returnable(row.method)]
    texts = _texts_of_lines([payment.id for payment in payments])
    public_ids = [payment.public_id for payment in payments]
    notes = words_to_compare("payment", public_ids, RemarkKind.PAYMENT_NOTE)
    found = [
        ReturnablePayment(
            payment,
            shares_number(
                text_of(line), f"{notes.get(payment.public_id, '')} {texts.get(payment.id, '')}"
            ),
        )
        for payment in payments
    ]
    return sorted(found, key=lambda each: not each.is_named)[:limit]


def _texts_of_lines(payment_ids: Sequence[int]) -> dict[int, str]:
    """What the bank wrote on the lines with which the payments came."""
    query = (
        select(Match.payment_id, StatementLine)
        .join(StatementLine, StatementLine.id == Match.line_id)
        .where(Match.payment_id.in_(payment_ids), Match.undone_at.is_(None))
        .options(lazyload(StatementLine.statement))
    )
    return {id_: text_of(line) for id_, line in db.session.execute(query) if id_ is not None}
