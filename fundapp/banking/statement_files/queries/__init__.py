"""Every read of statement files and their lines. Lists are pages by key."""

from fundapp.banking.statement_files.queries.balances import find_bank_balance, find_last_day
from fundapp.banking.statement_files.queries.imports import (
    DayChange,
    ImportPlan,
    plan_import,
    said_of,
)
from fundapp.banking.statement_files.queries.lines import (
    count_open_lines,
    find_page,
    get_line,
    list_account_lines,
    list_lines,
    list_stated,
    list_statement_lines,
    list_unmatched_of,
)
from fundapp.banking.statement_files.queries.profiles import (
    find_last_style,
    get_profile,
    get_profile_row,
    join_words,
    list_profiles,
    profile_of,
    split_words,
    texts_of,
)
from fundapp.banking.statement_files.queries.statements import (
    StatementRow,
    count_lines_by_status,
    find_open_day,
    get_statement,
    list_statements,
)
from fundapp.banking.statement_files.queries.stored_days import load_days, load_views

__all__ = [
    "DayChange",
    "ImportPlan",
    "StatementRow",
    "count_lines_by_status",
    "count_open_lines",
    "find_bank_balance",
    "find_last_day",
    "find_last_style",
    "find_open_day",
    "find_page",
    "get_line",
    "get_profile",
    "get_profile_row",
    "get_statement",
    "join_words",
    "list_account_lines",
    "list_lines",
    "list_profiles",
    "list_stated",
    "list_statement_lines",
    "list_statements",
    "list_unmatched_of",
    "load_days",
    "load_views",
    "plan_import",
    "profile_of",
    "said_of",
    "split_words",
    "texts_of",
]
