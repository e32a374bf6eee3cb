"""Every read of the bank's side, split by noun. Lists are pages by key."""

from fundapp.banking.queries.balances import BankBalance, find_bank_balance, find_last_day
from fundapp.banking.queries.candidates import (
    find_certain,
    list_candidates,
    list_certain_ids,
    search_candidates,
)
from fundapp.banking.queries.imports import ImportPlan, fingerprints, plan_import
from fundapp.banking.queries.lines import (
    LineFile,
    MatchedThing,
    count_held,
    count_unmatched,
    find_active_match,
    get_line,
    list_lines,
    list_statement_lines,
    matched_things,
    open_line,
)
from fundapp.banking.queries.reconciliation import NamedItem, Reconciliation, reconcile
from fundapp.banking.queries.statements import (
    StatementRow,
    get_bank_account,
    get_statement,
    list_accounts_to_pay_to,
    list_bank_accounts,
    list_statements,
    status_counts,
)

__all__ = [
    "BankBalance",
    "ImportPlan",
    "LineFile",
    "MatchedThing",
    "NamedItem",
    "Reconciliation",
    "StatementRow",
    "count_held",
    "count_unmatched",
    "find_active_match",
    "find_bank_balance",
    "find_certain",
    "find_last_day",
    "fingerprints",
    "get_bank_account",
    "get_line",
    "get_statement",
    "list_accounts_to_pay_to",
    "list_bank_accounts",
    "list_candidates",
    "list_certain_ids",
    "list_lines",
    "list_statement_lines",
    "list_statements",
    "matched_things",
    "open_line",
    "plan_import",
    "reconcile",
    "search_candidates",
    "status_counts",
]
