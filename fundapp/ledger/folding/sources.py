"""Which entries are not folded yet, in SQL that both databases understand."""

#: Entries of later places of the log than the folded ones, or without a place yet.
UNFOLDED_ENTRIES = (
    "SELECT entry_id FROM log_leaves WHERE leaf_index >= :first"
    " UNION ALL SELECT id FROM journal_entries AS late WHERE late.id > :settled"
    " AND NOT EXISTS (SELECT 1 FROM log_leaves WHERE log_leaves.entry_id = late.id)"
)
