"""The reads of banking that other packages may use."""

from fundapp.banking.matching.queries import (
    LineHistory,
    MatchDetail,
    count_certain,
    count_waiting_payouts,
    find_certain,
    get_line_history,
    list_active_matches,
    list_candidates,
    list_moves_of_line,
    search_candidates,
)
from fundapp.banking.queries.accounts import (
    get_bank_account,
    list_accounts_to_pay_to,
    list_bank_accounts,
)
from fundapp.banking.reconciliation.queries import Reconciliation, reconcile
from fundapp.banking.statement_files.queries import (
    StatementRow,
    count_open_lines,
    get_line,
    get_statement,
    list_account_lines,
    list_lines,
    list_statement_lines,
    list_statements,
)

__all__ = [
    "LineHistory",
    "MatchDetail",
    "Reconciliation",
    "StatementRow",
    "count_certain",
    "count_open_lines",
    "count_waiting_payouts",
    "find_certain",
    "get_bank_account",
    "get_line",
    "get_line_history",
    "get_statement",
    "list_account_lines",
    "list_accounts_to_pay_to",
    "list_active_matches",
    "list_bank_accounts",
    "list_candidates",
    "list_lines",
    "list_moves_of_line",
    "list_statement_lines",
    "list_statements",
    "reconcile",
    "search_candidates",
]
