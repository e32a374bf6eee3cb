"""What a line may be the return of: gifts that the bank took back, help that it sent back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, or_, select
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
    by_line = _comeback_entries([line for line in lines if line.deposit_satang])
    withdrawals = [line for line in lines if line.withdrawal_satang]
    if not withdrawals:
        return by_line
    tolerance = timedelta(days=NEAR_DAYS)
    days = [line.booked_on for line in withdrawals]
    has_line = select(Match.id).where(
        Match.journal_entry_id == JournalEntry.id, Match.undone_at.is_(None)
    )
    first, last = min(days) - tolerance, max(days) + tolerance
    amounts = {line.withdrawal_satang for line in withdrawals}
    returned = (
        select(JournalEntry, Payment.returned_on, Posting.credit_account_code)
        .join(JournalEntry, JournalEntry.id == Payment.reversal_entry_id)
        .join(Posting, (Posting.entry_id == JournalEntry.id) & (Posting.position == 1))
        .where(
            Payment.returned_on.between(first, last),
            Payment.amount_satang.in_(amounts),
            ~has_line.exists(),
        )
        .order_by(Payment.returned_on, Payment.id)
        .limit(_MOST)
    )
    taken = (
        select(JournalEntry, JournalEntry.entry_on, Posting.credit_account_code)
        .join(Posting, (Posting.entry_id == JournalEntry.id) & (Posting.position == 1))
        .where(
            is_of_kinds(EntryKind.GIFT_TAKEN),
            JournalEntry.entry_on.between(first, last),
            JournalEntry.total_satang.in_(amounts),
            ~has_line.exists(),
        )
        .order_by(JournalEntry.id)
        .limit(_MOST)
    )
    rows = [*db.session.execute(returned), *db.session.execute(taken)]
    for line in withdrawals:
        for entry, returned_on, account_code in rows:
            is_same = account_code == line.statement.bank_account.account_code
            if returned_on is None or not is_same:
                continue
            is_near = abs(returned_on - line.booked_on) <= tolerance
            if is_near and entry.total_satang == line.withdrawal_satang:
                found = return_entry(line, entry, returned_on)
                by_line.setdefault(line.id, []).append(found)
    return by_line


def _comeback_entries(deposits: Sequence[StatementLine]) -> dict[int, list[Candidate]]:
    """Entries of help that came back, whole or in shares, by the id of the line of money in."""
    if not deposits:
        return {}
    by_line: dict[int, list[Candidate]] = {}
    for back, why in ((PayoutReturn, reasons.CAME_BACK), (ShareReturn, reasons.SHARES_BACK)):
        _add_comebacks(deposits, back, why, by_line)
    return by_line


def _add_comebacks(
    deposits: Sequence[StatementLine],
    back: type[PayoutReturn] | type[ShareReturn],
    why: str,
    by_line: dict[int, list[Candidate]],
) -> None:
    tolerance = timedelta(days=NEAR_DAYS)
    days = [line.booked_on for line in deposits]
    has_line = select(Match.id).where(
        Match.journal_entry_id == JournalEntry.id, Match.undone_at.is_(None)
    )
    is_about = back.returned_on.between(min(days) - tolerance, max(days) + tolerance)
    statement = (
        select(JournalEntry, back.returned_on, Payout.paid_from_account_code)
        .join(back, back.journal_entry_id == JournalEntry.id)
        .join(Payout, Payout.id == back.payout_id)
        .where(
            is_about,
            # Few entries are of returns: those are sought first, not all of these amounts.
            JournalEntry.id.in_(select(back.journal_entry_id).where(is_about)),
            JournalEntry.total_satang.in_({line.deposit_satang for line in deposits}),
            ~has_line.exists(),
        )
        .order_by(back.returned_on, JournalEntry.id)
        .limit(_MOST)
    )
    rows = db.session.execute(statement).all()
    for line in deposits:
        for entry, returned_on, account_code in rows:
            is_same = account_code == line.statement.bank_account.account_code
            is_near = abs(returned_on - line.booked_on) <= tolerance
            if is_same and is_near and entry.total_satang == line.deposit_satang:
                found = return_entry(line, entry, returned_on, why)
                by_line.setdefault(line.id, []).append(found)


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
