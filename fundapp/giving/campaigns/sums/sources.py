"""Which postings of entries are of a campaign, in SQL that both databases understand.

A gift is of the campaign on whose page it was pledged, else of the event at which it was counted;
what undoes it has the same source. What went to other funds than the campaign's is of none. Nothing
that decides this changes afterwards (``payments_frozen``, ``campaign_pledges_come_first``).
"""

from fundapp.ledger.folding.sources import UNFOLDED_ENTRIES

#: The campaign of a payment.
CAMPAIGN_OF_PAYMENT = (
    "coalesce((SELECT pledged.campaign_id FROM campaign_pledges AS pledged"
    " WHERE pledged.pledge_id = payment.pledge_id),"
    " (SELECT event.campaign_id FROM cash_counts AS counted"
    " JOIN campaign_events AS event ON event.id = counted.event_id"
    " WHERE counted.payment_id = payment.id))"
)
#: Asked of a posting: that it is of a campaign.
IS_OF_CAMPAIGN = (
    "EXISTS (SELECT 1 FROM journal_entries AS own"  # noqa: S608 - constants
    " JOIN payments AS payment ON payment.public_id = own.source_ref"
    f" JOIN campaigns AS campaign ON campaign.id = {CAMPAIGN_OF_PAYMENT}"
    " WHERE own.id = postings.entry_id AND own.source_type = 'payment'"
    " AND campaign.fund_code = postings.fund_code)"
)
#: The postings of entries that are of a campaign. ``CROSS JOIN`` makes SQLite begin with the
#: entries.
_POSTINGS = (
    "SELECT campaign.id AS campaign_id, moved.entry_on,"  # noqa: S608 - constants
    " moved.entry_id, moved.position,"
    " moved.debit_account_code, moved.credit_account_code, moved.amount_satang"
    " FROM ({entries}) AS found CROSS JOIN journal_entries AS own"
    " CROSS JOIN payments AS payment CROSS JOIN campaigns AS campaign"
    " CROSS JOIN postings AS moved"
    " WHERE own.id = found.entry_id AND own.source_type = 'payment'"
    " AND payment.public_id = own.source_ref"
    f" AND campaign.id = {CAMPAIGN_OF_PAYMENT}"
    " AND moved.entry_id = own.id AND moved.fund_code || '' = campaign.fund_code"
)
#: Of entries at some places of the log.
OF_LEAVES = _POSTINGS.format(
    entries="SELECT entry_id FROM log_leaves WHERE leaf_index >= :first AND leaf_index < :last"
)
#: Of entries that are not folded: of later places, or without one yet.
OF_UNFOLDED = _POSTINGS.format(entries=UNFOLDED_ENTRIES)
