"""Checks of money in: instalments, payments and receipts against each other and the books."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, rows, violations
from fundapp.crypto import find_wrong_keys
from fundapp.giving.receipts.verification import find_wrong_contents
from fundapp.markers import N_
from fundapp.thai.names import has_letter


def instalments_paid() -> Iterator[Violation]:
    """What is noted as paid on an instalment is the sum of the payments that count, with what was
    let go and written off.
    """
    yield from violations(
        """
        SELECT i.reference, i.paid_satang, coalesce(a.total, 0), i.let_go_satang,
            coalesce(a.let_go, 0)
        FROM instalments i
        LEFT JOIN (
            SELECT b.instalment_id, sum(b.satang) AS total, sum(b.let_go) AS let_go FROM (
                SELECT a.instalment_id, a.amount_satang + a.let_go_satang AS satang,
                    a.let_go_satang AS let_go
                FROM allocations a JOIN payments p ON p.id = a.payment_id
                WHERE p.status = 'received'
                UNION ALL
                SELECT instalment_id, amount_satang, amount_satang FROM write_offs
            ) b GROUP BY b.instalment_id
        ) a ON a.instalment_id = i.id
        WHERE i.paid_satang <> coalesce(a.total, 0) OR i.let_go_satang <> coalesce(a.let_go, 0)
        """,
        "is noted as paid with {1} satang and {3} let go; payments say {2} and {4}",
    )


def let_go_within_limit() -> Iterator[Violation]:
    """What was let go of an instalment is a little, for an instalment that was then paid."""
    yield from violations(
        """
        SELECT i.reference, a.let_go_satang, a.let_go_limit_satang FROM allocations a
        JOIN instalments i ON i.id = a.instalment_id
        WHERE a.let_go_satang < 0 OR a.let_go_limit_satang > 10000
            OR a.let_go_satang > a.let_go_limit_satang
        """,
        "{1} satang were let go; the fund let go {2} at most",
    )


def payments_designated() -> Iterator[Violation]:
    """The parts of a payment for funds add up to it, and no more of it pays instalments."""
    yield from violations(
        """
        SELECT p.public_id, p.amount_satang, coalesce(d.total, 0), coalesce(a.total, 0)
        FROM payments p
        LEFT JOIN (
            SELECT payment_id, sum(amount_satang) AS total FROM designations GROUP BY payment_id
        ) d ON d.payment_id = p.id
        LEFT JOIN (
            SELECT payment_id, sum(amount_satang) AS total FROM allocations GROUP BY payment_id
        ) a ON a.payment_id = p.id
        WHERE p.amount_satang <> coalesce(d.total, 0) OR coalesce(a.total, 0) > p.amount_satang
        """,
        "is {1} satang; {2} go to funds and {3} pay instalments",
    )


def pledges_shared() -> Iterator[Violation]:
    """The shares of a pledge to several funds add up, and what came for it went to those funds."""
    yield from violations(
        """
        SELECT p.id, coalesce(s.n, 0), coalesce(s.total, 0), coalesce(s.whole, 0) FROM pledges p
        LEFT JOIN (
            SELECT pledge_id, count(*) AS n, sum(share) AS total, min(whole) AS whole,
                max(whole) AS most
            FROM pledge_shares GROUP BY pledge_id
        ) s ON s.pledge_id = p.id
        WHERE (p.is_split AND (coalesce(s.n, 0) < 2 OR s.total <> s.whole OR s.most <> s.whole))
            OR (NOT p.is_split AND s.n IS NOT NULL)
        """,
        "has {1} shares that come to {2} of {3}",
    )
    yield from violations(
        """
        SELECT y.public_id, d.fund_code FROM pledges p
        JOIN payments y ON y.pledge_id = p.id
        JOIN designations d ON d.payment_id = y.id
        LEFT JOIN pledge_shares s ON s.pledge_id = p.id AND s.fund_code = d.fund_code
        WHERE p.is_split AND s.number IS NULL
        """,
        "gives to {1}, which is no fund of its pledge",
    )


def payments_booked() -> Iterator[Violation]:
    """Each part of a payment is income of its fund in the entry of the payment, on its day, or
    later when the month of its day was closed before; it may have been opened again since. What was
    kept of a gift is booked when the rest was taken back or given back.
    """
    yield from violations(
        """
        SELECT p.public_id, d.fund_code, d.amount_satang, coalesce(b.total, 0)
        FROM payments p
        JOIN designations d ON d.payment_id = p.id
        LEFT JOIN (
            SELECT x.entry_id, x.fund_code, sum(x.amount_satang) AS total
            FROM postings x JOIN accounts c ON c.code = x.credit_account_code
            WHERE c.type = 'income' GROUP BY x.entry_id, x.fund_code
        ) b ON b.entry_id = p.journal_entry_id AND b.fund_code = d.fund_code
        WHERE d.amount_satang <> coalesce(b.total, 0)
        """,
        "gives {2} satang to {1}; its entry books {3}",
    )
    yield from violations(
        """
        WITH closings AS MATERIALIZED (
            SELECT subject_ref, at FROM audit_events WHERE action = 'ledger:period:close'
        )
        SELECT p.public_id FROM payments p JOIN journal_entries e ON e.id = p.journal_entry_id
        LEFT JOIN periods m ON e.entry_on > p.received_on
            AND p.received_on BETWEEN m.starts_on AND m.ends_on
        WHERE e.source_type <> 'payment' OR e.source_ref <> p.public_id
            OR e.entry_on < p.received_on
            OR (e.entry_on > p.received_on
                AND NOT EXISTS (
                    SELECT 1 FROM processor_movements v
                    WHERE v.payment_id = p.id AND v.kind <> 'charge'
                )
                AND NOT EXISTS (
                    SELECT 1 FROM postings k
                    WHERE k.entry_id = e.id AND k.debit_account_code = '2130'
                )
                AND (e.entry_on <= m.ends_on OR NOT EXISTS (
                    SELECT 1 FROM closings c
                    WHERE c.subject_ref = CAST(m.starts_on AS text) AND c.at <= e.posted_at
                )))
        """,
        "has an entry that speaks of another payment or day",
    )


def reversed_payments() -> Iterator[Violation]:
    """A payment that was reversed or returned has its entry undone by one of that kind; one that
    counts has not.
    """
    yield from violations(
        """
        SELECT p.public_id, p.status FROM payments p
        LEFT JOIN journal_entries r ON r.reverses_entry_id = p.journal_entry_id
        WHERE (p.status = 'received' AND r.id IS NOT NULL)
            OR (p.status <> 'received' AND (r.id IS NULL OR p.reversal_entry_id <> r.id))
            OR (p.status = 'returned')
                <> (coalesce(r.kind, '') IN ('gift_returned', 'gift_refunded'))
        """,
        "is {1}, and the books say otherwise",
    )


def receipts_gap_free() -> Iterator[Violation]:
    """The receipts of a fiscal year are numbered from 1 to the counter without gap or double."""
    yield from violations(
        """
        SELECT y.fiscal_year, coalesce(r.n, 0), coalesce(r.highest, 0), coalesce(c.last_number, 0)
        FROM (
            SELECT fiscal_year FROM receipts UNION SELECT fiscal_year FROM receipt_counters
        ) y
        LEFT JOIN (
            SELECT fiscal_year, count(DISTINCT number) AS n, count(*) AS rows_,
                max(number) AS highest
            FROM receipts GROUP BY fiscal_year
        ) r ON r.fiscal_year = y.fiscal_year
        LEFT JOIN receipt_counters c ON c.fiscal_year = y.fiscal_year
        WHERE coalesce(r.n, 0) <> coalesce(r.highest, 0) OR coalesce(r.n, 0) <> coalesce(r.rows_, 0)
            OR coalesce(r.highest, 0) <> coalesce(c.last_number, 0)
        """,
        "has {1} numbers up to {2}; the counter is at {3}",
    )


def receipts_match() -> Iterator[Violation]:
    """A payment that counts has one receipt that is valid, and every other one is void; each says
    its amount and day.
    """
    yield from violations(
        """
        SELECT r.code, r.amount_satang, p.amount_satang FROM receipts r
        JOIN payments p ON p.id = r.payment_id
        WHERE r.amount_satang <> p.amount_satang OR r.received_on <> p.received_on
            OR (p.status <> 'received' AND r.voided_at IS NULL)
        """,
        "says {1} satang; its payment is {2}, or the two differ in day or validity",
    )
    yield from violations(
        """
        SELECT p.public_id FROM payments p
        LEFT JOIN (
            SELECT payment_id, count(*) AS n,
                sum(CASE WHEN voided_at IS NULL THEN 1 ELSE 0 END) AS valid
            FROM receipts GROUP BY payment_id
        ) r ON r.payment_id = p.id
        WHERE coalesce(r.n, 0) = 0 OR (p.status = 'received' AND r.valid <> 1)
        """,
        "has no receipt, or none that is valid",
    )


def receipts_replaced() -> Iterator[Violation]:
    """A receipt that replaces another one is for the same money and was issued later."""
    yield from violations(
        """
        SELECT n.code, o.code FROM receipts n JOIN receipts o ON o.id = n.replaces_id
        WHERE n.payment_id <> o.payment_id OR o.voided_at IS NULL OR n.issued_at < o.issued_at
        """,
        "replaces {1}, which is valid, of another payment, or younger",
    )


def receipt_contents() -> Iterator[Violation]:
    """Every receipt is kept as it was issued, and says what its row says."""
    if not find_wrong_keys():
        for code, problem in find_wrong_contents():
            yield Violation(code, problem)
    yield from violations(
        """
        SELECT r.code FROM receipts r LEFT JOIN receipt_contents c ON c.id = r.id
        WHERE c.id IS NULL
        """,
        "has no kept content; make it with: flask giving issue-receipts",
    )


def names_readable() -> Iterator[Violation]:
    """Donors, pledges and receipts have a name that can be read, or none."""
    for sql in (
        "SELECT public_id, name FROM donors WHERE name <> ''",
        "SELECT CAST(id AS TEXT), donor_name FROM pledges WHERE donor_name <> ''",
        "SELECT code, donor_name FROM receipts WHERE donor_name <> ''",
    ):
        for ref, name in rows(sql):
            if not has_letter(name):
                yield Violation(ref, "has a name without a letter")


def receipts_name_the_giver() -> Iterator[Violation]:
    """A receipt names who made the pledge or the donor of the payment, or nobody: never somebody
    else of the same mailbox. One that replaces another names whom the office wrote.
    """
    yield from violations(
        """
        SELECT r.code, d.name FROM receipts r
        JOIN payments p ON p.id = r.payment_id
        JOIN donors d ON d.id = p.donor_id
        LEFT JOIN pledges g ON g.id = p.pledge_id AND g.donor_id = p.donor_id
        WHERE r.donor_name <> '' AND r.replaces_id IS NULL AND r.donor_name <> d.name
            AND r.donor_name <> coalesce(g.donor_name, d.name)
        """,
        "names somebody else than the donor of its payment",
    )


def receipts_after_money() -> Iterator[Violation]:
    """No receipt is issued before the day on which its money arrived."""
    yield from violations(
        "SELECT code, issued_on, received_on FROM receipts WHERE received_on > issued_on",
        "was issued on {1} for money that arrives on {2}",
    )


def pledges_add_up() -> Iterator[Violation]:
    """The instalments of a counted pledge add up to it."""
    yield from violations(
        """
        SELECT g.id, g.amount_satang, sum(i.amount_satang)
        FROM pledges g JOIN instalments i ON i.pledge_id = g.id
        WHERE g.instalment_count IS NOT NULL
        GROUP BY g.id, g.amount_satang, g.instalment_count
        HAVING sum(i.amount_satang) <> g.amount_satang OR count(*) <> g.instalment_count
        """,
        "is {1} satang; its instalments are {2}",
    )


def tax_wordings() -> Iterator[Violation]:
    """A receipt says about tax what its fund said when it was issued."""
    yield from violations(
        """
        SELECT r.code, r.fund_code, r.tax_wording_number FROM receipts r
        LEFT JOIN tax_wordings w
            ON w.fund_code = r.fund_code AND w.number = r.tax_wording_number
        WHERE w.number IS NULL OR (w.number > 1 AND w.since_on > r.issued_on) OR EXISTS (
            SELECT 1 FROM tax_wordings n WHERE n.fund_code = r.fund_code
                AND n.number > r.tax_wording_number AND n.since_on < r.issued_on
        )
        """,
        "carries wording {2} of fund {1}, which was not in force when it was issued",
    )


def slips_are_paid() -> Iterator[Violation]:
    """Each confirmed slip is of a payment of its own pledge that was not reversed, and of a
    transfer that no other confirmed slip is of.
    """
    yield from violations(
        """
        SELECT s.public_id, 'is confirmed by no payment that counts' FROM slips s
        LEFT JOIN payments p ON p.id = s.payment_id AND p.pledge_id = s.pledge_id
            AND p.status <> 'reversed'
        WHERE s.status = 'confirmed' AND p.id IS NULL
        UNION ALL
        SELECT s.public_id, 'is confirmed like another slip of the same transfer' FROM slips s
        JOIN slips o ON o.id <> s.id AND o.status = 'confirmed'
            AND (o.code_digest = s.code_digest OR o.original_sha256 = s.original_sha256)
        WHERE s.status = 'confirmed'
        """,
        "{1}",
    )


CHECKS = (
    Check(
        "giving.slips",
        N_("Every slip that is confirmed is of one payment of its pledge, and of its own."),
        slips_are_paid,
    ),
    Check(
        "giving.pledges",
        N_("The instalments of every pledge add up to it."),
        pledges_add_up,
    ),
    Check(
        "giving.let-go",
        N_("No more of a pledge was let go than its fund allows."),
        let_go_within_limit,
    ),
    Check(
        "giving.instalments",
        N_("What is noted as paid on an instalment is the sum of its payments."),
        instalments_paid,
    ),
    Check(
        "giving.pledge-shares",
        N_("The shares of a pledge to several funds add up, and its payments go to those funds."),
        pledges_shared,
    ),
    Check(
        "giving.designations",
        N_("The parts of every payment add up to it."),
        payments_designated,
    ),
    Check(
        "giving.payments",
        N_("Every payment is in the books with its amount, fund and day."),
        payments_booked,
    ),
    Check(
        "giving.reversals",
        N_("A payment is reversed or returned exactly when its entry is."),
        reversed_payments,
    ),
    Check(
        "giving.receipt-numbers",
        N_("Receipt numbers of every fiscal year have no gap and no double."),
        receipts_gap_free,
    ),
    Check(
        "giving.receipts",
        N_("Every payment has a receipt that says the same."),
        receipts_match,
    ),
    Check(
        "giving.receipt-contents",
        N_("Every receipt is kept as it was issued."),
        receipt_contents,
    ),
    Check(
        "giving.receipt-replacements",
        N_("Every receipt that replaces another one is for the same money."),
        receipts_replaced,
    ),
    Check(
        "giving.names",
        N_("Every name of a donor, a pledge and a receipt can be read."),
        names_readable,
    ),
    Check(
        "giving.receipt-names",
        N_("Every receipt names the giver of its own money, or nobody."),
        receipts_name_the_giver,
    ),
    Check(
        "giving.tax-wordings",
        N_("Every receipt says about tax what its fund said when it was issued."),
        tax_wordings,
    ),
    Check(
        "giving.receipt-days",
        N_("No receipt is issued before its money arrived."),
        receipts_after_money,
    ),
)
