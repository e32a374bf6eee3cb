"""Checks of refunds that the office pays: what is owed, what was kept, what was paid, by whom."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.markers import N_


def owed_is_ordered() -> Iterator[Violation]:
    """What the books owe to givers is what was confirmed and is not paid yet."""
    yield from violations(
        """
        SELECT '2130', b.satang, o.satang FROM (
            SELECT coalesce(sum(credit_satang - debit_satang), 0) AS satang FROM account_months
            WHERE account_code = '2130'
        ) b, (
            SELECT coalesce(sum(o.amount_satang), 0) AS satang
            FROM refund_orders o JOIN office_refunds r ON r.order_id = o.id
            WHERE o.status = 'waiting'
        ) o
        WHERE b.satang <> o.satang
        """,
        "is {1} satang owed to givers; refunds that are not paid are {2}",
    )


def parts_are_gifts() -> Iterator[Violation]:
    """Of a gift that is given back, what is kept is one payment; a cancelled refund is one too."""
    yield from violations(
        """
        SELECT o.public_id, p.amount_satang, o.amount_satang, coalesce(k.amount_satang, 0)
        FROM office_refunds r
        JOIN refund_orders o ON o.id = r.order_id
        JOIN payments p ON p.id = o.payment_id
        LEFT JOIN payments k ON k.id = r.kept_id
        LEFT JOIN payments g ON g.id = r.given_again_id
        WHERE p.amount_satang - o.amount_satang <> coalesce(k.amount_satang, 0)
            OR p.status <> 'returned' OR coalesce(p.return_reason, '') <> 'refund'
            OR (r.given_again_id IS NOT NULL) <> (o.status = 'refused')
            OR coalesce(g.amount_satang, o.amount_satang) <> o.amount_satang
        """,
        "gives back {2} of {1} satang; {3} are kept",
    )


def paid_by_several() -> Iterator[Violation]:
    """A refund that is paid has one entry of its amount, made by who paid and checked by another
    person, who verified the account or confirmed it.
    """
    yield from violations(
        """
        SELECT o.public_id, o.status, o.amount_satang, coalesce(e.total_satang, 0)
        FROM office_refunds r
        JOIN refund_orders o ON o.id = r.order_id
        LEFT JOIN refund_payments p ON p.order_id = o.id AND p.undone_entry_id IS NULL
        LEFT JOIN journal_entries e ON e.id = p.journal_entry_id AND e.kind = 'refund_paid'
            AND e.maker = p.paid_by AND e.checker = coalesce(p.verified_by, p.approved_by)
            AND e.maker <> e.checker
        WHERE (o.status = 'paid') <> (p.id IS NOT NULL)
            OR (p.id IS NOT NULL AND coalesce(e.total_satang, 0) <> o.amount_satang)
        """,
        "is {1} with {2} satang; the books paid {3}",
    )


CHECKS = (
    Check(
        "refunds.owed",
        N_("What the books owe to givers is what two people confirmed and nobody paid yet"),
        owed_is_ordered,
    ),
    Check(
        "refunds.parts",
        N_("Of a gift that is given back in part, the rest is a gift with a receipt"),
        parts_are_gifts,
    ),
    Check(
        "refunds.paid",
        N_(
            "A refund is paid once, by another person than who confirmed it or verified the account"
        ),
        paid_by_several,
    ),
)
