"""Checks of the bank's side: statements that add up, and matches of equal amounts."""

from collections.abc import Callable, Iterator

from sqlalchemy import select

from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.banking.models import BankAccount
from fundapp.db import db
from fundapp.giving.promptpay import PayloadError, read_biller_id, read_promptpay_id
from fundapp.markers import N_


def matches_equal() -> Iterator[Violation]:
    """A line and what it is matched with have the same amount and direction."""
    yield from violations(
        """
        SELECT l.public_id, l.deposit_satang, l.withdrawal_satang,
            coalesce(p.amount_satang, o.amount_satang, e.total_satang)
        FROM matches m
        JOIN statement_lines l ON l.id = m.line_id
        LEFT JOIN payments p ON p.id = m.payment_id
        LEFT JOIN payouts o ON o.id = m.payout_id
        LEFT JOIN journal_entries e ON e.id = m.journal_entry_id
        WHERE m.undone_at IS NULL AND (
            (m.payment_id IS NOT NULL AND l.deposit_satang <> p.amount_satang)
            OR (m.payout_id IS NOT NULL AND l.withdrawal_satang <> o.amount_satang)
            OR (m.journal_entry_id IS NOT NULL
                AND l.deposit_satang + l.withdrawal_satang <> e.total_satang)
        )
        """,
        "moved {1} satang in and {2} out; what it is matched with is {3}",
    )


def lines_matched() -> Iterator[Violation]:
    """A line is marked as matched exactly when it has a match that was not undone."""
    yield from violations(
        """
        SELECT l.public_id, l.status FROM statement_lines l
        LEFT JOIN matches m ON m.line_id = l.id AND m.undone_at IS NULL
        WHERE (m.id IS NOT NULL) <> (l.status = 'matched')
        """,
        "is {1}, and its match says otherwise",
    )


def statements_add_up() -> Iterator[Violation]:
    """From each line to the next the balance moves by the amount of the line."""
    yield from violations(
        """
        SELECT next_.public_id, prev.balance_satang, next_.balance_satang
        FROM statement_lines prev
        JOIN statement_lines next_ ON next_.statement_id = prev.statement_id
            AND next_.row_number = prev.row_number + 1
        WHERE prev.balance_satang + next_.deposit_satang - next_.withdrawal_satang
            <> next_.balance_satang
        """,
        "the balance goes from {1} to {2} satang, which is not its amount",
    )


def matches_in_account() -> Iterator[Violation]:
    """What a line is matched with moves the account of the line, the same way."""
    yield from violations(
        """
        SELECT l.public_id, b.account_code, m.bank_account_code
        FROM matches m
        JOIN statement_lines l ON l.id = m.line_id
        JOIN bank_accounts b ON b.code = l.bank_account_code
        LEFT JOIN payments p ON p.id = m.payment_id
        LEFT JOIN payouts o ON o.id = m.payout_id
        WHERE m.undone_at IS NULL AND (
            m.bank_account_code <> l.bank_account_code
            OR NOT EXISTS (
                SELECT 1 FROM postings x
                WHERE x.entry_id = coalesce(
                        m.journal_entry_id, p.journal_entry_id, o.journal_entry_id
                    )
                    AND b.account_code = CASE WHEN l.deposit_satang > 0
                        THEN x.debit_account_code ELSE x.credit_account_code END
            )
        )
        """,
        "is of account {1} in the books, and its match (of {2}) does not move that account",
    )


def promptpay_ids() -> Iterator[Violation]:
    """What donors are told to pay to is a PromptPay id or a biller id."""
    ids = db.session.execute(
        select(BankAccount.code, BankAccount.promptpay_biller_id, BankAccount.promptpay_id)
    )
    for code, biller, target in ids:
        for read, text in ((read_biller_id, biller), (read_promptpay_id, target)):
            if text and not _reads_as_stored(read, text):
                yield Violation(code, f"has {text}, which is no id of PromptPay")


def _reads_as_stored(read: Callable[[str], str], text: str) -> bool:
    try:
        return read(text) == text
    except PayloadError:
        return False


CHECKS = (
    Check(
        "banking.matches",
        N_("Every bank line is matched with something of the same amount."),
        matches_equal,
    ),
    Check(
        "banking.accounts",
        N_("Every bank line is matched with something that moves its own account."),
        matches_in_account,
    ),
    Check(
        "banking.promptpay",
        N_("Every PromptPay id that donors pay to can be one."),
        promptpay_ids,
    ),
    Check(
        "banking.lines",
        N_("A bank line is noted as matched exactly when it is."),
        lines_matched,
    ),
    Check(
        "banking.statements",
        N_("The running balance of every bank statement holds."),
        statements_add_up,
    ),
)
