"""Checks of cash that people counted, of batches, and of what campaigns count."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.markers import N_


def counts_by_two() -> Iterator[Violation]:
    """A confirmed count was confirmed by another person, its notes and coins add up to it, and what
    was not the office's own cash is a payment of its amount into its cash box.
    """
    yield from violations(
        """
        SELECT c.public_id, c.total_satang, coalesce(n.total, 0), coalesce(p.amount_satang, 0)
        FROM cash_counts c
        LEFT JOIN (
            SELECT count_id, sum(denomination_satang * pieces) AS total
            FROM cash_count_pieces GROUP BY count_id
        ) n ON n.count_id = c.id
        LEFT JOIN payments p ON p.id = c.payment_id
        WHERE c.status = 'confirmed' AND (
            c.confirmed_by_id IS NULL OR c.confirmed_by_id = c.counted_by_id
            OR c.total_satang <> coalesce(n.total, 0)
            OR (c.kind <> 'office'
                AND (p.id IS NULL OR p.amount_satang <> c.total_satang OR p.method <> 'cash'))
            OR (c.kind <> 'office' AND NOT EXISTS (
                SELECT 1 FROM postings x
                WHERE x.entry_id = p.journal_entry_id AND x.debit_account_code = c.account_code
                    AND x.fund_code = c.fund_code
            ))
        )
        """,
        "counts {1} satang; its notes and coins come to {2}, its payment to {3}",
    )


def batches_add_up() -> Iterator[Violation]:
    """A posted batch has as many gifts as were expected, of as much, each a payment of its own; one
    that is not posted has no payment.
    """
    yield from violations(
        """
        SELECT b.public_id, b.expected_count, b.expected_satang, coalesce(r.gifts, 0),
            coalesce(r.total, 0)
        FROM gift_batches b
        LEFT JOIN (
            SELECT r.batch_id, count(p.id) AS gifts, sum(p.amount_satang) AS total,
                count(*) AS written
            FROM gift_batch_rows r
            LEFT JOIN payments p ON p.id = r.payment_id AND p.amount_satang = r.amount_satang
            GROUP BY r.batch_id
        ) r ON r.batch_id = b.id
        WHERE (b.status = 'posted' AND (
                b.expected_count <> coalesce(r.gifts, 0) OR r.written <> r.gifts
                OR b.expected_satang <> coalesce(r.total, 0)))
            OR (b.status <> 'posted' AND coalesce(r.gifts, 0) > 0)
        """,
        "expects {1} gifts of {2} satang; {3} of {4} are posted",
    )


CHECKS = (
    Check(
        "giving.cash-counts",
        N_("Every count of cash was confirmed by a second person and is booked as it was counted."),
        counts_by_two,
    ),
    Check(
        "giving.gift-batches",
        N_("Every posted batch has the gifts that were expected of it."),
        batches_add_up,
    ),
)
