"""A check that what is kept of each day is what the books say."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, rows
from fundapp.audit.checks.folding import nothing_left_out
from fundapp.markers import N_

#: Entries that are not folded yet.
_UNFOLDED = """
    SELECT l.entry_id FROM log_leaves l
    WHERE l.leaf_index >= (SELECT leaf_count FROM day_folding)
    UNION ALL
    SELECT j.id FROM journal_entries j
    WHERE j.id > (SELECT settled_entry_id FROM day_folding)
        AND NOT EXISTS (SELECT 1 FROM log_leaves l WHERE l.entry_id = j.id)
"""
#: What the days say, less what all postings add up to in the order of an index, and with those that
#: are not folded yet.
_DAYS = f"""
    SELECT d.day, d.fund_code, d.account_code
    FROM (
        SELECT CAST(day_on AS TEXT) AS day, fund_code, account_code,
            debit_satang AS debit, credit_satang AS credit
        FROM account_days
        UNION ALL
        SELECT CAST(entry_on AS TEXT), fund_code, debit_account_code, -sum(amount_satang), 0
        FROM postings GROUP BY debit_account_code, fund_code, entry_on
        UNION ALL
        SELECT CAST(entry_on AS TEXT), fund_code, credit_account_code, 0, -sum(amount_satang)
        FROM postings GROUP BY credit_account_code, fund_code, entry_on
        UNION ALL
        SELECT CAST(p.entry_on AS TEXT), p.fund_code, p.debit_account_code, p.amount_satang, 0
        FROM ({_UNFOLDED}) u CROSS JOIN postings p WHERE p.entry_id = u.entry_id
        UNION ALL
        SELECT CAST(p.entry_on AS TEXT), p.fund_code, p.credit_account_code, 0, p.amount_satang
        FROM ({_UNFOLDED}) u CROSS JOIN postings p WHERE p.entry_id = u.entry_id
    ) d
    GROUP BY d.day, d.fund_code, d.account_code
    HAVING sum(d.debit) <> 0 OR sum(d.credit) <> 0
    ORDER BY d.day, d.fund_code, d.account_code
"""  # noqa: S608 - constants


def day_sums_hold() -> Iterator[Violation]:
    """The sums of each day are those of its folded postings, and no entry was left out."""
    for day, fund, account in rows(_DAYS):
        yield Violation(
            f"{fund} {account} {day}", "has sums that the entries of the day do not add up to"
        )
    yield from nothing_left_out("day_folding", "days")


CHECKS = (
    Check(
        "ledger.day-sums",
        N_("What is kept of each day, by fund and account, is what its entries add up to."),
        day_sums_hold,
    ),
)
