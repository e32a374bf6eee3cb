"""Checks of the card processor: the books hold what it says, movement by movement."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import exists, select

from fundapp import clock
from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.db import db
from fundapp.giving.models import HandledNotice, ProcessorNotice
from fundapp.markers import N_

#: For so long a notice may wait.
_PATIENCE = timedelta(hours=1)


def charges_are_payments() -> Iterator[Violation]:
    """Each charge is one payment of its amount, of its fund, and nothing else came from there."""
    yield from violations(
        """
        SELECT v.movement_id, v.amount_satang, coalesce(p.amount_satang, 0)
        FROM processor_movements v
        LEFT JOIN payments p
            ON p.id = v.payment_id AND p.external_ref = 'processor:' || v.intent_id
        LEFT JOIN designations d ON d.payment_id = p.id AND d.fund_code = v.fund_code
        WHERE v.kind = 'charge' AND v.amount_satang <> coalesce(d.amount_satang, 0)
        """,
        "is {1} satang; its payment is {2}",
    )


def parts_count_once() -> Iterator[Violation]:
    """Of each payment at the processor what counts is what was charged less what was taken back."""
    yield from violations(
        """
        SELECT v.intent_id, sum(v.amount_satang), coalesce(max(c.satang), 0)
        FROM processor_movements v
        LEFT JOIN (
            SELECT m.intent_id, sum(p.amount_satang) AS satang FROM payments p
            JOIN (
                SELECT DISTINCT intent_id, payment_id FROM processor_movements
            ) m ON m.payment_id = p.id
            WHERE p.status = 'received' GROUP BY m.intent_id
        ) c ON c.intent_id = v.intent_id
        WHERE v.intent_id IS NOT NULL
        GROUP BY v.intent_id HAVING sum(v.amount_satang) <> coalesce(max(c.satang), 0)
        """,
        "holds {1} satang; the payments that count are {2}",
    )


def fees_are_booked() -> Iterator[Violation]:
    """Each fee is a posting of its own, from the processor to the fees."""
    yield from violations(
        """
        SELECT v.movement_id, v.fee_satang FROM processor_movements v
        LEFT JOIN postings x ON x.entry_id = v.fee_entry_id AND x.fund_code = v.fund_code
            AND CASE WHEN v.fee_satang > 0 THEN x.credit_account_code ELSE x.debit_account_code END
                = '1131'
        WHERE coalesce(x.amount_satang, 0) <> abs(v.fee_satang)
        """,
        "has a fee of {1} satang, and the books another",
    )


def processor_holds() -> Iterator[Violation]:
    """Of each fund the books hold at the processor what it has not paid out: the movements that are
    in no payout with a line in the bank, and gifts of which it has not said the fee.
    """
    yield from violations(
        """
        SELECT f.code, coalesce(b.satang, 0),
            coalesce(v.satang, 0) + coalesce(p.satang, 0) - coalesce(o.satang, 0)
        FROM funds f
        LEFT JOIN (
            SELECT fund_code, sum(debit_satang - credit_satang) AS satang FROM account_months
            WHERE account_code = '1131' GROUP BY fund_code
        ) b ON b.fund_code = f.code
        LEFT JOIN (
            SELECT fund_code, sum(amount_satang - fee_satang) AS satang FROM processor_movements
            GROUP BY fund_code
        ) v ON v.fund_code = f.code
        LEFT JOIN (
            SELECT d.fund_code, sum(d.amount_satang) AS satang FROM payments p
            JOIN designations d ON d.payment_id = p.id
            WHERE p.status = 'received' AND p.external_ref LIKE 'processor:%' AND NOT EXISTS (
                SELECT 1 FROM processor_movements m WHERE m.payment_id = p.id
            )
            GROUP BY d.fund_code
        ) p ON p.fund_code = f.code
        LEFT JOIN (
            SELECT m.fund_code, sum(m.amount_satang - m.fee_satang) AS satang
            FROM processor_movements m
            WHERE EXISTS (
                SELECT 1 FROM journal_entries e
                WHERE e.source_type = 'card_payout' AND e.source_ref = m.payout_id
                    AND e.kind = 'card_payout' AND NOT EXISTS (
                        SELECT 1 FROM journal_entries r WHERE r.reverses_entry_id = e.id
                    )
            )
            GROUP BY m.fund_code
        ) o ON o.fund_code = f.code
        WHERE coalesce(b.satang, 0)
            <> coalesce(v.satang, 0) + coalesce(p.satang, 0) - coalesce(o.satang, 0)
        """,
        "has {1} satang at the card processor in the books; the processor holds {2}",
    )


def payouts_add_up() -> Iterator[Violation]:
    """A payout is the charges less the fees, refunds and disputes that it is made of, and where it
    is booked its line has the same amount.
    """
    yield from violations(
        """
        SELECT o.payout_id, o.amount_satang, coalesce(sum(v.amount_satang - v.fee_satang), 0)
        FROM processor_payouts o LEFT JOIN processor_movements v ON v.payout_id = o.payout_id
        GROUP BY o.payout_id, o.amount_satang
        HAVING o.amount_satang <> coalesce(sum(v.amount_satang - v.fee_satang), 0)
        """,
        "is {1} satang; its parts are {2}",
    )
    yield from violations(
        """
        SELECT o.payout_id, o.amount_satang, coalesce(m.amount_satang, 0)
        FROM processor_payouts o
        JOIN journal_entries e ON e.source_type = 'card_payout' AND e.source_ref = o.payout_id
            AND e.kind = 'card_payout'
        LEFT JOIN matches m ON m.journal_entry_id = e.id AND m.undone_at IS NULL
        WHERE coalesce(m.amount_satang, 0) <> o.amount_satang AND NOT EXISTS (
            SELECT 1 FROM journal_entries r WHERE r.reverses_entry_id = e.id
        )
        """,
        "is {1} satang and booked; its line in the bank is {2}",
    )


def notices_booked() -> Iterator[Violation]:
    """What the processor told is booked within an hour."""
    handled = exists().where(HandledNotice.notice_id == ProcessorNotice.notice_id)
    late = select(ProcessorNotice.notice_id, ProcessorNotice.kind).where(
        ~handled, ProcessorNotice.received_at < clock.now() - _PATIENCE
    )
    for row in db.session.execute(late.order_by(ProcessorNotice.received_at)):
        yield Violation(row.notice_id, f"({row.kind}) is not booked")


CHECKS = (
    Check(
        "processor.charges",
        N_("Each charge of the card processor is one payment of its amount"),
        charges_are_payments,
    ),
    Check(
        "processor.parts",
        N_("What counts of a card payment is what was charged less what was taken back"),
        parts_count_once,
    ),
    Check(
        "processor.fees",
        N_("Each fee of the card processor is a posting of its own"),
        fees_are_booked,
    ),
    Check(
        "processor.balance",
        N_("The books hold at the card processor what it has not paid out"),
        processor_holds,
    ),
    Check(
        "processor.payouts",
        N_("A payout of the card processor is charges less fees, refunds and disputes"),
        payouts_add_up,
    ),
    Check(
        "processor.notices",
        N_("What the card processor told is booked within an hour"),
        notices_booked,
        is_warning=True,
    ),
)
