"""Checks of batches of payouts."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.markers import N_


def batches_paid() -> Iterator[Violation]:
    """A line that is paid is a payout with its voucher, by who took the file."""
    yield from violations(
        """
        SELECT l.voucher FROM payout_batch_lines l
        JOIN payout_batches b ON b.id = l.batch_id
        LEFT JOIN payout_batch_results t ON t.line_id = l.id AND t.outcome = 'paid'
        LEFT JOIN payouts o ON o.request_id = l.request_id AND o.voucher = l.voucher
        LEFT JOIN payout_returns c ON c.payout_id = o.id
        WHERE l.state IN ('paid', 'returned') AND (
            t.line_id IS NULL OR o.id IS NULL OR (c.payout_id IS NULL) = (l.state = 'returned')
            OR o.payer_id <> t.told_by_id OR o.amount_satang <> l.amount_satang
            OR o.paid_from_account_code <> b.account_code OR o.paid_on <> b.pay_on
        )
        """,
        "is paid by its batch, and its payout says otherwise",
    )
    yield from violations(
        """
        SELECT l.voucher FROM payout_batch_lines l
        JOIN payouts o ON o.voucher = l.voucher
        WHERE l.state IN ('waiting', 'failed')
        """,
        "is not paid by its batch, and there is a payout of it",
    )


def batches_people() -> Iterator[Violation]:
    """Who made a batch, released it and took its file asked for and approved nothing in it."""
    yield from violations(
        """
        SELECT DISTINCT b.number FROM payout_batches b
        JOIN payout_batch_lines l ON l.batch_id = b.id
        LEFT JOIN payout_batch_releases r ON r.batch_id = b.id
        LEFT JOIN payout_batch_files f ON f.batch_id = b.id AND f.release_number = r.number
        WHERE b.made_by_id IN (l.requested_by_id, l.approver_id)
            OR r.released_by_id IN (l.requested_by_id, l.approver_id, b.made_by_id)
            OR f.taken_by_id IN (l.requested_by_id, l.approver_id, b.made_by_id, r.released_by_id)
        """,
        "was not made, released and taken to the bank by people who did nothing else of it",
    )


def stops_seen() -> Iterator[Violation]:
    """An approver has looked at what the bank paid although something had stopped it, unless the
    money came back.
    """
    yield from violations(
        """
        SELECT DISTINCT r.number FROM paid_stops s
        JOIN disbursement_requests r ON r.id = s.request_id
        WHERE NOT EXISTS (
            SELECT 1 FROM payment_releases p WHERE p.request_id = s.request_id AND p.id > s.id
        ) AND NOT EXISTS (
            SELECT 1 FROM payouts o JOIN payout_returns c ON c.payout_id = o.id
            WHERE o.request_id = s.request_id AND o.attempt = s.attempt
        )
        """,
        "was paid by the bank although something stopped it, and no approver has looked at it",
    )


CHECKS = (
    Check(
        "payouts.batches",
        N_("What a batch says was paid is a payout, and nothing else of it is."),
        batches_paid,
    ),
    Check(
        "payouts.people",
        N_("Batches of payouts are made, released and taken to the bank by different people."),
        batches_people,
    ),
    Check(
        "payouts.stops",
        N_("What the bank paid although something stopped it, an approver has looked at."),
        stops_seen,
        is_warning=True,
    ),
)
