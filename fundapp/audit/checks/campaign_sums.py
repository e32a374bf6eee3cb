"""A check that what is kept of campaigns is what the books say."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, entry_violations, violations
from fundapp.audit.checks.folding import nothing_left_out
from fundapp.markers import N_

#: Each gift of a campaign once, found from the campaigns, while folding finds it from the entries.
_EXPECTED = """
    SELECT c.id, p.entry_on, p.entry_id, p.position
    FROM (
        SELECT g.campaign_id, y.public_id FROM campaign_pledges g
        CROSS JOIN payments y WHERE y.pledge_id = g.pledge_id
        UNION ALL
        SELECT e.campaign_id, y.public_id FROM cash_counts k
        CROSS JOIN campaign_events e CROSS JOIN payments y
        WHERE e.id = k.event_id AND y.id = k.payment_id AND NOT EXISTS (
            SELECT 1 FROM campaign_pledges g WHERE g.pledge_id = y.pledge_id
        )
    ) gift
    CROSS JOIN campaigns c CROSS JOIN journal_entries j CROSS JOIN log_leaves l
    CROSS JOIN postings p
    WHERE c.id = gift.campaign_id
        AND j.source_type = 'payment' AND j.source_ref = gift.public_id
        AND l.entry_id = j.id AND l.leaf_index < (SELECT leaf_count FROM campaign_folding)
        AND p.entry_id = j.id AND p.fund_code || '' = c.fund_code
"""
_LISTED = "SELECT campaign_id, entry_on, entry_id, position FROM campaign_postings"
#: What the months say, less what the listed postings add up to.
_MONTHS = """
    SELECT c.slug, m.account_code, m.month, sum(m.debit), sum(m.credit)
    FROM (
        SELECT campaign_id, account_code, CAST(month_on AS TEXT) AS month,
            debit_satang AS debit, credit_satang AS credit
        FROM campaign_months
        UNION ALL
        SELECT o.campaign_id, p.debit_account_code, substr(CAST(o.entry_on AS TEXT), 1, 7) || '-01',
            -p.amount_satang, 0
        FROM campaign_postings o CROSS JOIN postings p
        WHERE p.entry_id = o.entry_id AND p.position = o.position
        UNION ALL
        SELECT o.campaign_id, p.credit_account_code,
            substr(CAST(o.entry_on AS TEXT), 1, 7) || '-01', 0, -p.amount_satang
        FROM campaign_postings o CROSS JOIN postings p
        WHERE p.entry_id = o.entry_id AND p.position = o.position
    ) m JOIN campaigns c ON c.id = m.campaign_id
    GROUP BY c.slug, m.account_code, m.month
    HAVING sum(m.debit) <> 0 OR sum(m.credit) <> 0
"""


def campaign_sums_hold() -> Iterator[Violation]:
    """The listed postings of each campaign are those of its gifts, the sums of its months are
    theirs, and no entry was left out.
    """
    found = "SELECT d.entry_id, c.slug FROM ({0} EXCEPT {1}) d JOIN campaigns c ON c.id = d.{2}"
    yield from entry_violations(
        found.format(_EXPECTED, _LISTED, "id"), "is of the campaign {1}, and is not in its sums"
    )
    yield from entry_violations(
        found.format(_LISTED, _EXPECTED, "campaign_id"),
        "is in the sums of the campaign {1}, and is not of it",
    )
    yield from violations(
        _MONTHS, "has sums of account {1} in the month of {2} that its entries do not add up to"
    )
    yield from nothing_left_out("campaign_folding", "campaigns")


CHECKS = (
    Check(
        "giving.campaign-sums",
        N_("What is kept of each campaign, entry by entry and by month, is what the books say."),
        campaign_sums_hold,
    ),
)
