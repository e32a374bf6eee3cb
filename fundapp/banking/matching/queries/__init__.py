"""Every read of candidates and matches."""

from fundapp.banking.matching.queries.candidates import (
    find_certain,
    list_candidates,
    list_certain_ids,
    search_candidates,
)
from fundapp.banking.matching.queries.cash import cash_sides, list_cash_entries
from fundapp.banking.matching.queries.matches import (
    LineHistory,
    MatchDetail,
    find_active_match,
    get_line_history,
    list_active_matches,
)
from fundapp.banking.matching.queries.returns import (
    ReturnablePayment,
    list_return_entries,
    list_returnable,
)

__all__ = [
    "LineHistory",
    "MatchDetail",
    "ReturnablePayment",
    "cash_sides",
    "find_active_match",
    "find_certain",
    "get_line_history",
    "list_active_matches",
    "list_candidates",
    "list_cash_entries",
    "list_certain_ids",
    "list_return_entries",
    "list_returnable",
    "search_candidates",
]
