"""Checks of closed fiscal years, and of months that were opened again."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.db import is_postgresql
from fundapp.markers import N_


def years_end_at_zero() -> Iterator[Violation]:
    """At the end of a closed fiscal year with closing entries no fund has income or expenses left;
    of one that is open again the closing entries come to nothing.
    """
    closed_years = """
        SELECT p.ends_on FROM periods p WHERE p.status = 'closed' AND EXISTS (
            SELECT 1 FROM journal_entries e WHERE e.kind = 'year_end' AND e.entry_on = p.ends_on
        )
    """
    last = f"(SELECT max(c.ends_on) FROM ({closed_years}) c)"  # noqa: S608 - ours
    sides = """
        SELECT fund_code, debit_account_code AS account_code, entry_on, entry_id,
            amount_satang AS satang FROM postings
        UNION ALL
        SELECT fund_code, credit_account_code, entry_on, entry_id, -amount_satang FROM postings
    """
    yield from violations(
        f"""
        SELECT s.fund_code, s.account_code, sum(s.satang) FROM ({sides}) s
        WHERE s.account_code >= '4' AND s.entry_on <= {last}
        GROUP BY s.fund_code, s.account_code HAVING sum(s.satang) <> 0
        """,  # noqa: S608 - ours
        "has {2} satang left in account {1} at the end of a closed fiscal year",
    )
    yield from violations(
        f"""
        SELECT s.fund_code, s.account_code, sum(s.satang) FROM ({sides}) s
        JOIN journal_entries e ON e.id = s.entry_id
        JOIN periods p ON p.ends_on = s.entry_on
        WHERE e.kind = 'year_end' AND p.status = 'open'
        GROUP BY s.fund_code, s.account_code, p.ends_on HAVING sum(s.satang) <> 0
        """,  # noqa: S608 - ours
        "is closed by {2} satang in account {1}, and the fiscal year is open",
    )


def reopened_by_two() -> Iterator[Violation]:
    """Each month that was opened again names a proposal that another person confirmed, and the
    trail says that it was opened.
    """
    subject = "to_char(r.starts_on, 'YYYY-MM-DD')" if is_postgresql() else "r.starts_on"
    yield from violations(
        f"""
        SELECT r.starts_on FROM period_reopenings r
        LEFT JOIN proposals p ON p.id = r.proposal_id AND p.kind = 'period-reopening'
            AND p.status = 'confirmed' AND p.subject = {subject}
        WHERE p.id IS NULL OR p.proposed_by_id IS NULL OR p.proposed_by_id = p.decided_by_id
        """,  # noqa: S608 - one of the two above
        "was opened again, and no two people agreed to it",
    )


CHECKS = (
    Check(
        "ledger.year-ends",
        N_("The closing entries of a closed fiscal year bring income and expenses to zero."),
        years_end_at_zero,
    ),
    Check(
        "ledger.reopenings",
        N_("A closed month was opened again by two people."),
        reopened_by_two,
    ),
)
