"""Checks of money out: requests, approvals and payouts against each other and the books."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.disbursements.verification import find_changed_requests
from fundapp.markers import N_


def requests_total() -> Iterator[Violation]:
    """A request's total is the sum of its children's shares."""
    yield from violations(
        """
        SELECT r.number, r.total_satang, coalesce(l.total, 0) FROM disbursement_requests r
        LEFT JOIN (
            SELECT request_id, sum(amount_satang) AS total FROM request_lines GROUP BY request_id
        ) l ON l.request_id = r.id
        WHERE r.total_satang <> coalesce(l.total, 0)
        """,
        "asks for {1} satang; its lines say {2}",
    )


def approvals_booked() -> Iterator[Violation]:
    """An approved request is spent in the books, of its fund; one taken back is undone there."""
    yield from violations(
        """
        SELECT r.number, r.total_satang, coalesce(b.total, 0) FROM disbursement_requests r
        LEFT JOIN journal_entries e ON e.id = r.approval_entry_id
        LEFT JOIN (
            SELECT p.entry_id, p.fund_code, sum(p.amount_satang) AS total
            FROM postings p JOIN accounts d ON d.code = p.debit_account_code
            WHERE d.type = 'expense' GROUP BY p.entry_id, p.fund_code
        ) b ON b.entry_id = e.id AND b.fund_code = r.fund_code
        WHERE r.status IN ('approved', 'paid', 'confirmed', 'problem') AND (
            e.id IS NULL OR e.kind <> 'assistance_approved' OR e.source_ref <> r.public_id
            OR e.total_satang <> r.total_satang OR coalesce(b.total, 0) <> r.total_satang
        )
        """,
        "is approved for {1} satang; the books say {2}",
    )
    yield from violations(
        """
        SELECT r.number, r.status FROM disbursement_requests r
        LEFT JOIN journal_entries v ON v.reverses_entry_id = r.approval_entry_id
        WHERE r.approval_entry_id IS NOT NULL AND (v.id IS NULL) <> (
            r.status IN ('approved', 'paid', 'confirmed', 'problem')
        )
        """,
        "is {1}, and its entry is not, or the other way round",
    )


def payouts_booked() -> Iterator[Violation]:
    """A payout is the amount of its request, and leaves the account that its entry credits. After
    one came back the request may be for another fund.
    """
    yield from violations(
        """
        SELECT o.voucher, o.amount_satang, r.total_satang, coalesce(b.total, 0)
        FROM payouts o
        JOIN disbursement_requests r ON r.id = o.request_id
        JOIN journal_entries e ON e.id = o.journal_entry_id
        LEFT JOIN payout_returns c ON c.payout_id = o.id
        LEFT JOIN (
            SELECT entry_id, fund_code, credit_account_code, sum(amount_satang) AS total
            FROM postings GROUP BY entry_id, fund_code, credit_account_code
        ) b ON b.entry_id = e.id AND b.credit_account_code = o.paid_from_account_code
            AND (b.fund_code = r.fund_code OR c.payout_id IS NOT NULL)
        WHERE o.amount_satang <> r.total_satang OR coalesce(b.total, 0) <> o.amount_satang
            OR e.kind <> 'assistance_paid' OR e.source_ref <> r.public_id
            OR e.entry_on <> o.paid_on
        """,
        "pays {1} satang; the request says {2}, the books {3}, or they differ in day or kind",
    )


def paid_requests() -> Iterator[Violation]:
    """A request is paid exactly when there is one payout for it that did not come back."""
    yield from violations(
        """
        SELECT r.number, r.status, count(o.id) - count(c.payout_id)
        FROM disbursement_requests r
        LEFT JOIN payouts o ON o.request_id = r.id
        LEFT JOIN payout_returns c ON c.payout_id = o.id
        GROUP BY r.id, r.number, r.status
        HAVING count(o.id) - count(c.payout_id)
            <> (CASE WHEN r.status IN ('paid', 'confirmed', 'problem') THEN 1 ELSE 0 END)
        """,
        "is {1}, and {2} of its payouts stand",
    )


def payouts_returned() -> Iterator[Violation]:
    """A payout came back exactly when its entry is undone, by as much, for its fund."""
    yield from violations(
        """
        SELECT o.voucher FROM payouts o
        LEFT JOIN payout_returns c ON c.payout_id = o.id
        LEFT JOIN journal_entries e ON e.reverses_entry_id = o.journal_entry_id
        LEFT JOIN journal_entries p ON p.id = o.journal_entry_id
        WHERE (c.payout_id IS NULL) <> (e.id IS NULL)
            OR (c.payout_id IS NOT NULL AND (
                e.id <> c.journal_entry_id OR e.total_satang <> p.total_satang
                OR c.returned_on < o.paid_on
                OR c.recorded_by_id IN (o.requested_by_id, o.approver_id)
            ))
        """,
        "came back, and the books say otherwise, or who recorded it asked or approved",
    )


def shares_returned() -> Iterator[Violation]:
    """Shares that came back are those of their lines, once, of a payout that stands, and one entry
    takes them back to its fund; no other entry does.
    """
    yield from violations(
        """
        SELECT o.voucher, s.amount_satang FROM share_returns s
        JOIN payouts o ON o.id = s.payout_id
        JOIN disbursement_requests r ON r.id = o.request_id
        LEFT JOIN payout_returns c ON c.payout_id = o.id
        LEFT JOIN journal_entries e ON e.id = s.journal_entry_id
        LEFT JOIN (
            SELECT b.return_id, sum(l.amount_satang) AS total, min(l.request_id) AS first,
                max(l.request_id) AS last, sum(abs(l.amount_satang - b.amount_satang)) AS wrong
            FROM share_return_lines b JOIN request_lines l ON l.id = b.line_id GROUP BY b.return_id
        ) b ON b.return_id = s.id
        LEFT JOIN (
            SELECT entry_id, fund_code, debit_account_code, sum(amount_satang) AS total
            FROM postings WHERE credit_account_code >= '5'
            GROUP BY entry_id, fund_code, debit_account_code
        ) p ON p.entry_id = e.id AND p.fund_code = r.fund_code
            AND p.debit_account_code = o.paid_from_account_code
        WHERE c.payout_id IS NOT NULL OR e.id IS NULL OR e.kind <> 'assistance_returned'
            OR e.source_ref <> r.public_id OR e.total_satang <> s.amount_satang
            OR coalesce(p.total, 0) <> s.amount_satang OR coalesce(b.total, 0) <> s.amount_satang
            OR b.first <> r.id OR b.last <> r.id OR b.wrong <> 0 OR s.returned_on < o.paid_on
            OR s.recorded_by_id = o.requested_by_id OR EXISTS (
                SELECT 1 FROM approvals a WHERE a.request_id = r.id AND a.decision = 'approve'
                    AND a.approver_id = s.recorded_by_id
            )
        """,
        "has shares of {1} satang come back, and the lines, the books or the people say otherwise",
    )
    yield from violations(
        """
        SELECT e.source_ref, e.total_satang FROM journal_entries e
        LEFT JOIN share_returns s ON s.journal_entry_id = e.id
        WHERE e.kind = 'assistance_returned' AND e.kind <> 'donation' AND s.id IS NULL
        """,
        "has {1} satang come back in the books, and no shares say so",
    )


def three_people() -> Iterator[Violation]:
    """Who asked, who approved and who paid are three people, and the entries name them."""
    yield from violations(
        """
        SELECT o.voucher FROM payouts o
        JOIN disbursement_requests r ON r.id = o.request_id
        JOIN approvals a ON a.id = o.approval_id
        WHERE o.payer_id IN (r.requested_by_id, a.approver_id)
            OR a.approver_id = r.requested_by_id OR a.request_id <> r.id OR a.decision <> 'approve'
            OR o.approver_id <> a.approver_id OR o.requested_by_id <> r.requested_by_id
        """,
        "was not asked, approved and paid by three people",
    )
    yield from violations(
        """
        SELECT r.number FROM disbursement_requests r
        JOIN journal_entries e ON e.id = r.approval_entry_id
        JOIN users asker ON asker.id = r.requested_by_id
        WHERE e.maker <> asker.public_id
        """,
        "was asked for by somebody else than its entry says",
    )


def decided_facts() -> Iterator[Violation]:
    """What was approved is what the request says now."""
    yield from violations(
        """
        SELECT r.number FROM disbursement_requests r
        WHERE r.status IN ('approved', 'paid', 'confirmed', 'problem') AND NOT EXISTS (
            SELECT 1 FROM approvals a WHERE a.request_id = r.id AND a.decision = 'approve'
                AND a.facts_sha256 = r.facts_sha256 AND a.approver_id <> r.requested_by_id
        )
        """,
        "says something else than what was approved",
    )
    for number in find_changed_requests():
        yield Violation(number, "has another payee, account, reason or lines than its facts")


def proofs_filed() -> Iterator[Violation]:
    """Each proof of receipt that was filed is there."""
    yield from violations(
        """
        SELECT r.number, e.filed, coalesce(p.filed, 0) FROM disbursement_requests r
        JOIN (
            SELECT subject_ref, count(*) AS filed FROM audit_events
            WHERE subject_type = 'disbursement_request' AND action = 'disbursements:request:prove'
            GROUP BY subject_ref
        ) e ON e.subject_ref = r.public_id
        LEFT JOIN (
            SELECT request_id, count(*) AS filed FROM proofs GROUP BY request_id
        ) p ON p.request_id = r.id
        WHERE e.filed <> coalesce(p.filed, 0)
        """,
        "was proved {1} times, and has {2} proofs of receipt",
    )
    yield from violations(
        """
        SELECT r.number, e.answered, coalesce(c.answered, 0) FROM disbursement_requests r
        JOIN (
            SELECT subject_ref, count(*) AS answered FROM audit_events
            WHERE subject_type = 'disbursement_request' AND action = 'disbursements:request:answer'
            GROUP BY subject_ref
        ) e ON e.subject_ref = r.public_id
        LEFT JOIN (
            SELECT request_id, count(*) AS answered FROM receipt_confirmations GROUP BY request_id
        ) c ON c.request_id = r.id
        WHERE e.answered <> coalesce(c.answered, 0)
        """,
        "was answered {1} times by link, and has {2} answers",
    )
    yield from violations(
        """
        SELECT r.number, r.status FROM disbursement_requests r
        WHERE r.status IN ('confirmed', 'problem')
            AND NOT EXISTS (SELECT 1 FROM proofs p WHERE p.request_id = r.id)
            AND NOT EXISTS (SELECT 1 FROM receipt_confirmations c WHERE c.request_id = r.id)
        """,
        "is {1} without a proof of receipt",
    )


CHECKS = (
    Check(
        "disbursements.totals",
        N_("Every request is the sum of its children's shares."),
        requests_total,
    ),
    Check(
        "disbursements.approvals",
        N_("Every approved request is in the books with its amount and fund."),
        approvals_booked,
    ),
    Check(
        "disbursements.payouts",
        N_("Every payout is the amount of its request and in the books."),
        payouts_booked,
    ),
    Check(
        "disbursements.paid",
        N_("A request is paid exactly when it has a payout."),
        paid_requests,
    ),
    Check(
        "disbursements.returns",
        N_("Every payout that came back is undone in the books, and no other is."),
        payouts_returned,
    ),
    Check(
        "disbursements.share-returns",
        N_("Every child's share that came back is whole and once in the books, and no other is."),
        shares_returned,
    ),
    Check(
        "disbursements.three-people",
        N_("Asked, approved and paid by three different people."),
        three_people,
    ),
    Check(
        "disbursements.facts",
        N_("What was approved is what the request says now."),
        decided_facts,
    ),
    Check(
        "disbursements.proofs",
        N_("Every proof of receipt that was filed is there."),
        proofs_filed,
    ),
)
