"""Checks of aid in instalments."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.markers import N_


def instalments_released() -> Iterator[Violation]:
    """No instalment was paid before its day, or without a condition that was not waived. The
    receipt of one that came back later was confirmed when the next one was paid.
    """
    yield from violations(
        """
        SELECT o.voucher FROM payouts o JOIN aid_instalments i ON i.request_id = o.request_id
        WHERE i.due_on > o.paid_on
        """,
        "was paid before the day of its instalment",
    )
    yield from violations(
        """
        SELECT DISTINCT o.voucher FROM payouts o
        JOIN aid_instalments i ON i.request_id = o.request_id AND i.number > 1
        JOIN aid_plans p ON p.id = i.plan_id
        JOIN aid_terms t ON t.rules_id = p.rules_id
        WHERE NOT EXISTS (
            SELECT 1 FROM aid_facts f
            WHERE f.request_id = i.request_id AND f.kind = t.kind
                AND coalesce(f.percent, 0) >= coalesce(t.percent, 0)
                AND f.decided_at IS NOT NULL AND f.is_accepted = :yes
                AND f.decided_by_id NOT IN (p.asked_by_id, f.recorded_by_id)
        ) AND NOT EXISTS (
            SELECT 1 FROM aid_waivers w
            WHERE w.request_id = i.request_id AND w.kind = t.kind
                AND w.second_by_id IS NOT NULL
                AND p.asked_by_id NOT IN (w.first_by_id, w.second_by_id)
        ) AND NOT (t.kind = 'proof' AND EXISTS (
            SELECT 1 FROM aid_instalments e
            JOIN disbursement_requests r ON r.id = e.request_id
            WHERE e.plan_id = i.plan_id AND e.number = i.number - 1 AND (
                r.status = 'confirmed' OR EXISTS (
                    SELECT 1 FROM payouts b JOIN payout_returns c ON c.payout_id = b.id
                    WHERE b.request_id = r.id AND b.id < o.id AND c.recorded_at >= o.recorded_at
                        AND (EXISTS (
                            SELECT 1 FROM proofs f WHERE f.request_id = r.id
                                AND f.outcome = 'received' AND f.id > b.id AND f.id < o.id
                        ) OR EXISTS (
                            SELECT 1 FROM receipt_confirmations f WHERE f.request_id = r.id
                                AND f.outcome = 'received' AND f.confirmed_at <= o.recorded_at
                                AND f.confirmed_at >= b.recorded_at
                        ))
                )
            )
        ))
        """,
        "was paid although a condition of its instalment was neither met nor waived",
        yes=True,
    )


CHECKS = (
    Check(
        "aid.released",
        N_("Instalments of aid are paid on their day, when their conditions are met or waived."),
        instalments_released,
    ),
)
