"""Every read of candidates and matches."""

from fundapp.banking.matching.queries.candidates import (
    find_certain,
    list_candidates,
    list_certain_ids,
    search_candidates,
)
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
from fundapp.banking.matching.queries.transfers import (
    OwnMove,
    list_moves_of_line,
    list_own_moves,
    list_transfer_entries,
)

__all__ = [
    "LineHistory",
    "MatchDetail",
    "OwnMove",
    "ReturnablePayment",
    "find_active_match",
    "find_certain",
    "get_line_history",
    "list_active_matches",
    "list_candidates",
    "list_certain_ids",
    "list_moves_of_line",
    "list_own_moves",
    "list_return_entries",
    "list_returnable",
    "list_transfer_entries",
    "search_candidates",
]
