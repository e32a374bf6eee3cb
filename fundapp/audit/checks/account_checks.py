"""Checks of bank details: what a bank was paid was verified by a person of their own."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.markers import N_


def verified_by_a_person_of_their_own() -> Iterator[Violation]:
    """Every payout by a bank rests on bank details that were verified, of the facts that were
    approved, by somebody who neither asked, approved, released nor paid, and filed no proof. What
    was with the bank before the rule is in ``requests_before_checks``. Of a payment that came back
    only what was before that counts: the request was changed and verified anew since.
    """
    yield from violations(
        """
        SELECT o.voucher FROM payouts o
        JOIN disbursement_requests r ON r.id = o.request_id
        JOIN approvals a ON a.id = o.approval_id
        LEFT JOIN payout_returns x ON x.payout_id = o.id
        WHERE (o.method <> 'cash' OR (x.payout_id IS NULL AND r.payout_method <> 'cash'))
            AND NOT EXISTS (SELECT 1 FROM requests_before_checks b WHERE b.request_id = r.id)
            AND NOT EXISTS (
                SELECT 1 FROM account_checks c
                WHERE c.request_id = r.id AND c.answer = 'matches'
                    AND c.facts_sha256 = a.facts_sha256
                    AND c.number = (
                        SELECT max(n.number) FROM account_checks n
                        WHERE n.request_id = r.id AND (x.payout_id IS NULL OR n.id < o.id)
                    )
                    AND NOT EXISTS (
                        SELECT 1 FROM payouts e JOIN payout_returns b ON b.payout_id = e.id
                        WHERE e.request_id = r.id AND b.cause = 'bank' AND e.id > c.id
                            AND e.id < o.id
                    )
                    AND c.checked_by_id NOT IN (r.requested_by_id, o.payer_id)
                    AND NOT EXISTS (
                        SELECT 1 FROM approvals p WHERE p.request_id = r.id
                            AND p.decision = 'approve' AND p.approver_id = c.checked_by_id
                            AND (x.payout_id IS NULL OR p.id < o.id)
                    )
                    AND NOT EXISTS (
                        SELECT 1 FROM proofs f
                        WHERE f.request_id = r.id AND f.filed_by_id = c.checked_by_id
                            AND f.id > o.id AND (x.payout_id IS NULL OR f.filed_at < x.recorded_at)
                    )
                    AND NOT EXISTS (
                        SELECT 1 FROM payout_batch_lines l
                        JOIN payout_batches b ON b.id = l.batch_id
                        LEFT JOIN payout_batch_releases s ON s.batch_id = b.id
                        LEFT JOIN payout_batch_files t ON t.batch_id = b.id
                        WHERE l.request_id = r.id AND l.voucher = o.voucher
                            AND l.state IN ('paid', 'returned') AND c.checked_by_id IN (
                                b.made_by_id, s.released_by_id, t.taken_by_id
                            )
                    )
            )
        """,
        "was paid by a bank, and nobody of their own verified the bank details",
    )


CHECKS = [
    Check(
        "payouts.bank-details",
        N_("The bank details of every payment by a bank were verified by a person of their own."),
        verified_by_a_person_of_their_own,
    ),
]
