"""A check that what is kept of the help of each district is what the books say."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, rows
from fundapp.audit.checks.folding import nothing_left_out
from fundapp.markers import N_

#: What the days say, less what the folded entries of all requests add up to.
_DAYS = """
    SELECT d.day, d.district_code, d.fund_code, d.account_code, sum(d.debit), sum(d.credit)
    FROM (
        SELECT CAST(day_on AS TEXT) AS day, district_code, fund_code, account_code,
            debit_satang AS debit, credit_satang AS credit
        FROM help_days
        UNION ALL
        SELECT CAST(p.entry_on AS TEXT), r.district_code, p.fund_code, s.account_code,
            CASE WHEN s.account_code = p.debit_account_code THEN -p.amount_satang ELSE 0 END,
            CASE WHEN s.account_code = p.credit_account_code THEN -p.amount_satang ELSE 0 END
        FROM disbursement_requests r
        JOIN journal_entries j ON j.source_type = 'disbursement_request'
            AND j.source_ref = r.public_id
        JOIN log_leaves l ON l.entry_id = j.id
        JOIN postings p ON p.entry_id = j.id
        JOIN (SELECT code AS account_code FROM accounts) s
            ON s.account_code IN (p.debit_account_code, p.credit_account_code)
        WHERE l.leaf_index < (SELECT leaf_count FROM help_folding)
    ) d
    GROUP BY d.day, d.district_code, d.fund_code, d.account_code
    HAVING sum(d.debit) <> 0 OR sum(d.credit) <> 0
"""
#: What the months say, less what their days do.
_MONTHS = """
    SELECT m.month, m.district_code, m.fund_code, m.account_code
    FROM (
        SELECT CAST(month_on AS TEXT) AS month, district_code, fund_code, account_code,
            debit_satang AS debit, credit_satang AS credit
        FROM help_months
        UNION ALL
        SELECT substr(CAST(day_on AS TEXT), 1, 7) || '-01', district_code, fund_code, account_code,
            -debit_satang, -credit_satang
        FROM help_days
    ) m
    GROUP BY m.month, m.district_code, m.fund_code, m.account_code
    HAVING sum(m.debit) <> 0 OR sum(m.credit) <> 0
"""


def help_sums_hold() -> Iterator[Violation]:
    """The sums of each district are those of the folded entries of its requests, by day and month,
    and no entry was left out. While they are to be made anew nobody reads them.
    """
    if next(rows("SELECT leaf_count FROM help_folding"))[0] == 0:
        return
    for statement, span in ((_DAYS, "day"), (_MONTHS, "month")):
        for when, district, fund, account, *_sums in rows(statement):
            problem = f"has sums that the entries of the {span} do not add up to"
            yield Violation(f"{district} {fund} {account} {when}", problem)
    yield from nothing_left_out("help_folding", "help")


CHECKS = (
    Check(
        "disbursements.help-sums",
        N_("What is kept of the help of each district, by day and month, is what the books say."),
        help_sums_hold,
    ),
)
