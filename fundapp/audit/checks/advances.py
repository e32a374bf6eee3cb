"""Checks of petty cash and advances."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.markers import N_


def booked() -> Iterator[Violation]:
    """Two people gave every advance and cleared it, another than its holder each time; of each fund
    account 5240 holds exactly what is not cleared.
    """
    yield from violations(
        """
        SELECT a.public_id FROM advances a
        LEFT JOIN proposals g ON g.id = a.proposal_id
        LEFT JOIN advance_clearings c ON c.advance_id = a.id
        LEFT JOIN proposals d ON d.id = c.proposal_id
        WHERE a.holder_id = a.confirmed_by_id OR g.kind <> 'advance' OR g.status <> 'confirmed'
            OR g.decided_by_id <> a.confirmed_by_id
            OR (c.advance_id IS NOT NULL AND (
                c.confirmed_by_id = a.holder_id OR d.kind <> 'advance-clearing'
                OR d.status <> 'confirmed' OR d.subject <> a.public_id
                OR c.spent_satang + c.returned_satang <> a.amount_satang
            ))
        """,
        "was not given or cleared by two people, or not whole",
    )
    yield from violations(
        """
        SELECT f.code, coalesce(b.held, 0), coalesce(o.open, 0) FROM funds f
        LEFT JOIN (
            SELECT fund_code, sum(debit_satang - credit_satang) AS held FROM account_months
            WHERE account_code = '5240' GROUP BY fund_code
        ) b ON b.fund_code = f.code
        LEFT JOIN (
            SELECT a.fund_code, sum(a.amount_satang) AS open FROM advances a
            LEFT JOIN advance_clearings c ON c.advance_id = a.id
            WHERE c.advance_id IS NULL GROUP BY a.fund_code
        ) o ON o.fund_code = f.code
        WHERE coalesce(b.held, 0) <> coalesce(o.open, 0)
        """,
        "has {1} satang of advances in the books, and {2} are not cleared",
    )


CHECKS = (
    Check(
        "advances.booked",
        N_(
            "Two people gave and cleared every advance, and the books hold what is not cleared of"
            " each fund."
        ),
        booked,
    ),
)
