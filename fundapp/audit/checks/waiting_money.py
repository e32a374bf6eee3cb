"""Checks of the money that waits in the books: what nobody has recognised, interest on zakat."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.markers import N_


def waiting_money() -> Iterator[Violation]:
    """Money waits in 2120 and 2140 by lines of the bank alone, the one apart from the other, and
    no more was given back than came.
    """
    yield from violations(
        """
        SELECT e.idempotency_key, p.amount_satang, CASE
            WHEN p.debit_account_code IN ('2120', '2140') THEN p.debit_account_code
            ELSE p.credit_account_code END
        FROM postings p JOIN journal_entries e ON e.id = p.entry_id
        WHERE (
                p.debit_account_code IN ('2120', '2140')
                OR p.credit_account_code IN ('2120', '2140')
            )
            AND e.reverses_entry_id IS NULL
            AND NOT EXISTS (SELECT 1 FROM journal_entries r WHERE r.reverses_entry_id = e.id)
            AND NOT EXISTS (
                SELECT 1 FROM matches m JOIN statement_lines l ON l.id = m.line_id
                WHERE m.journal_entry_id = e.id AND m.undone_at IS NULL AND l.status = 'matched'
            )
        """,
        "{1} satang in account {2} belong to no line of the bank",
    )
    yield from violations(
        """
        SELECT e.idempotency_key, p.amount_satang
        FROM postings p JOIN journal_entries e ON e.id = p.entry_id
        WHERE (p.debit_account_code IN ('2120', '2140') AND p.credit_account_code >= '2')
            OR (p.credit_account_code IN ('2120', '2140') AND p.debit_account_code >= '2')
        """,
        "{1} satang moved between what waits and another account than the bank's",
    )
    yield from violations(
        """
        SELECT m.fund_code, m.account_code, sum(m.debit_satang - m.credit_satang)
        FROM account_months m WHERE m.account_code IN ('2120', '2140')
        GROUP BY m.fund_code, m.account_code HAVING sum(m.debit_satang - m.credit_satang) > 0
        """,
        "gave {2} satang more back from account {1} than came there",
    )


CHECKS = (
    Check(
        "banking.waiting-money",
        N_(
            "All money that waits in the books belongs to a line of the bank, and interest is kept"
            " apart from what nobody has recognised."
        ),
        waiting_money,
    ),
)
