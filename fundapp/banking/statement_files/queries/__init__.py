"""Every read of statement files and their lines. Lists are pages by key."""

from fundapp.banking.statement_files.queries.balances import find_bank_balance, find_last_day
from fundapp.banking.statement_files.queries.imports import ImportPlan, plan_import
from fundapp.banking.statement_files.queries.lines import (
    count_held,
    count_unmatched,
    get_line,
    list_lines,
    list_statement_lines,
)
from fundapp.banking.statement_files.queries.profiles import (
    get_profile,
    get_profile_row,
    join_words,
    list_profiles,
    profile_of,
    split_words,
)
from fundapp.banking.statement_files.queries.statements import (
    StatementRow,
    count_lines_by_status,
    get_statement,
    list_statements,
)

__all__ = [
    "ImportPlan",
    "StatementRow",
    "count_held",
    "count_lines_by_status",
    "count_unmatched",
    "find_bank_balance",
    "find_last_day",
    "get_line",
    "get_profile",
    "get_profile_row",
    "get_statement",
    "join_words",
    "list_lines",
    "list_profiles",
    "list_statement_lines",
    "list_statements",
    "plan_import",
    "profile_of",
    "split_words",
]
