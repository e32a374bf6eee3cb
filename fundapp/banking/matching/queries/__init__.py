"""Every read of candidates and matches."""

from fundapp.banking.matching.queries.candidates import (
    find_payer,
    find_split,
    list_candidates,
    search_candidates,
)
from fundapp.banking.matching.queries.card_payouts import (
    PayoutRow,
    count_waiting_payouts,
    find_payout_entry,
    find_payout_line,
    list_payout_lines,
    list_payout_rows,
)
from fundapp.banking.matching.queries.certain import count_certain, find_certain
from fundapp.banking.matching.queries.matches import (
    LineHistory,
    MatchDetail,
    find_active_matches,
    find_line_of_payment,
    get_line_history,
    list_active_matches,
)
from fundapp.banking.matching.queries.returns import (
    ReturnablePayment,
    could_be_shares,
    find_comebacks,
    list_comebacks,
    list_return_entries,
    list_returnable,
)
from fundapp.banking.matching.queries.slips import list_lines_of_slip
from fundapp.banking.matching.queries.suspense import (
    find_first_fund,
    list_waiting,
    sum_waiting,
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
    "PayoutRow",
    "ReturnablePayment",
    "could_be_shares",
    "count_certain",
    "count_waiting_payouts",
    "find_active_matches",
    "find_certain",
    "find_comebacks",
    "find_first_fund",
    "find_line_of_payment",
    "find_payer",
    "find_payout_entry",
    "find_payout_line",
    "find_split",
    "get_line_history",
    "list_active_matches",
    "list_candidates",
    "list_comebacks",
    "list_lines_of_slip",
    "list_moves_of_line",
    "list_own_moves",
    "list_payout_lines",
    "list_payout_rows",
    "list_return_entries",
    "list_returnable",
    "list_transfer_entries",
    "list_waiting",
    "search_candidates",
    "sum_waiting",
]
