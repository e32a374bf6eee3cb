"""Checks of the bank's side: statements that add up, and matches of equal amounts."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, violations
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


CHECKS = (
    Check(
        "banking.matches",
        N_("Every bank line is matched with something of the same amount."),
        matches_equal,
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
