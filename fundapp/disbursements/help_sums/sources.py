"""What the entries of requests moved, by the district of the request, in SQL that both databases
understand. An entry that undoes another has the same source, so it is of the same district.

``CROSS JOIN`` makes SQLite take the tables in this order.
"""

from fundapp.ledger.folding.sources import UNFOLDED_ENTRIES

_MOVED = (
    "SELECT moved.entry_on, request.district_code, moved.fund_code, moved.debit_account_code,"
    " moved.credit_account_code, sum(moved.amount_satang) AS satang"
    " FROM {tables} CROSS JOIN postings AS moved"
    " WHERE own.source_type = 'disbursement_request' AND own.source_ref = request.public_id"
    " AND moved.entry_id = own.id{only}"
    " GROUP BY moved.entry_on, request.district_code, moved.fund_code, moved.debit_account_code,"
    " moved.credit_account_code"
)
_FROM_REQUESTS = "disbursement_requests AS request CROSS JOIN journal_entries AS own"
_FROM_ENTRIES = (
    "({entries}) AS found CROSS JOIN journal_entries AS own"
    " CROSS JOIN disbursement_requests AS request"
)
#: Of all requests, in some days.
OF_DAYS = _MOVED.format(
    tables=_FROM_REQUESTS, only=" AND moved.entry_on BETWEEN :from_on AND :to_on"
)
#: Of all requests, up to a place of the log: how folding begins.
OF_ALL_LEAVES = _MOVED.format(
    tables=_FROM_REQUESTS,
    only=" AND EXISTS (SELECT 1 FROM log_leaves AS leaf WHERE leaf.entry_id = own.id"
    " AND leaf.leaf_index >= :first AND leaf.leaf_index < :last)",
)
#: Of entries at some places of the log.
OF_LEAVES = _MOVED.format(
    tables=_FROM_ENTRIES.format(
        entries="SELECT entry_id FROM log_leaves WHERE leaf_index >= :first AND leaf_index < :last"
    ),
    only=" AND own.id = found.entry_id",
)
#: Of entries that are not folded, in some days.
OF_UNFOLDED = _MOVED.format(
    tables=_FROM_ENTRIES.format(entries=UNFOLDED_ENTRIES),
    only=" AND own.id = found.entry_id AND moved.entry_on BETWEEN :from_on AND :to_on",
)
