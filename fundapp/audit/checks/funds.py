"""Checks of funds: what a closed one may not hold, and that its state is what the trail says."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, entry_violations, violations
from fundapp.markers import N_


def closed_funds() -> Iterator[Violation]:
    """A closed fund is empty: no money, no pledge that runs, no open request."""
    yield from violations(
        """
        SELECT f.code, m.account_code, sum(m.debit_satang - m.credit_satang)
        FROM funds f JOIN account_months m ON m.fund_code = f.code
        WHERE f.status = 'closed' AND m.account_code < '3'
        GROUP BY f.code, m.account_code HAVING sum(m.debit_satang - m.credit_satang) <> 0
        """,
        "is closed, and {2} satang of it are in account {1}",
    )
    yield from violations(
        """
        SELECT f.code, count(*) FROM funds f JOIN pledges g ON g.fund_code = f.code OR g.id IN (
            SELECT pledge_id FROM pledge_shares WHERE fund_code = f.code
        )
        WHERE f.status = 'closed' AND g.status IN ('active', 'paused') GROUP BY f.code
        """,
        "is closed, and {1} pledges to it run",
    )
    yield from violations(
        """
        SELECT f.code, count(*) FROM funds f JOIN disbursement_requests r ON r.fund_code = f.code
        WHERE f.status = 'closed'
            AND r.status IN ('submitted', 'returned', 'approved', 'paid', 'problem')
        GROUP BY f.code
        """,
        "is closed, and {1} requests from it are open",
    )


def fund_states() -> Iterator[Violation]:
    """The state of a fund is the one that the trail tells last, and nothing was posted to a fund
    since it was closed, but for the closing of its fiscal year.
    """
    yield from violations(
        """
        SELECT s.code, s.status FROM (
            SELECT f.code, f.status, (
                SELECT e.action FROM audit_events e
                WHERE e.subject_type = 'fund' AND e.subject_ref = f.code AND e.action IN (
                    'ledger:fund:freeze', 'ledger:fund:close', 'ledger:fund:reopen'
                )
                ORDER BY e.at DESC, e.id DESC LIMIT 1
            ) AS newest FROM funds f
        ) s
        WHERE s.status <> CASE s.newest WHEN 'ledger:fund:freeze' THEN 'frozen'
            WHEN 'ledger:fund:close' THEN 'closed' ELSE 'open' END
        """,
        "is {1}, and the trail says otherwise",
    )
    yield from entry_violations(
        """
        SELECT DISTINCT j.id, f.code FROM funds f
        JOIN audit_events e ON e.subject_type = 'fund' AND e.subject_ref = f.code
            AND e.action = 'ledger:fund:close'
        JOIN postings p ON p.fund_code = f.code
        JOIN journal_entries j ON j.id = p.entry_id AND j.posted_at > e.at AND j.kind <> 'year_end'
        WHERE f.status = 'closed' AND NOT EXISTS (
            SELECT 1 FROM audit_events n WHERE n.subject_type = 'fund' AND n.subject_ref = f.code
                AND n.action = 'ledger:fund:reopen' AND n.at >= e.at
        )
        """,
        "was posted to fund {1} after it was closed",
    )


CHECKS = (
    Check(
        "ledger.closed-funds",
        N_("A closed fund holds nothing, takes no pledge and has no open request."),
        closed_funds,
    ),
    Check(
        "ledger.fund-states",
        N_("Every fund is open, frozen or closed as the trail says."),
        fund_states,
    ),
)
