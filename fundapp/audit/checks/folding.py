"""What every sum that is folded behind the log is held to."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Violation, entry_violations, rows


def nothing_left_out(folding: str, sums: str) -> Iterator[Violation]:
    """No entry was passed over, and no place is counted that the log does not have. ``folding`` is
    the table that says how far they are, ``sums`` what was folded into (English).
    """
    yield from entry_violations(
        f"""
        SELECT j.id FROM journal_entries j
        WHERE j.id <= (SELECT settled_entry_id FROM {folding}) AND NOT EXISTS (
            SELECT 1 FROM log_leaves l
            WHERE l.entry_id = j.id AND l.leaf_index < (SELECT leaf_count FROM {folding})
        )
        """,  # noqa: S608 - names written in the program
        f"was left out of the sums of {sums}",
    )
    for row in rows(
        f"SELECT leaf_count FROM {folding}"  # noqa: S608
        " WHERE leaf_count > (SELECT coalesce(max(leaf_index) + 1, 0) FROM log_leaves)"
    ):
        yield Violation(folding, f"says {row[0]} entries, and the log has fewer")
