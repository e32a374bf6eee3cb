"""Every change of the bank's side, split by noun. Operations run inside the caller's unit of work.

Lines are locked before anything they lead to (pledges, payments, the books), so whoever comes
second finds the line taken and gets a StaleError.
"""

from fundapp.banking.operations.accounts import open_bank_account
from fundapp.banking.operations.cash import book_cash
from fundapp.banking.operations.charges import book_charge
from fundapp.banking.operations.imports import ImportResult, import_statement
from fundapp.banking.operations.lines import hold_line, ignore_line, release_line
from fundapp.banking.operations.matching import (
    CertainResult,
    Refused,
    match_certain,
    match_line,
    record_as_gift,
    unmatch_line,
)

__all__ = [
    "CertainResult",
    "ImportResult",
    "Refused",
    "book_cash",
    "book_charge",
    "hold_line",
    "ignore_line",
    "import_statement",
    "match_certain",
    "match_line",
    "open_bank_account",
    "record_as_gift",
    "release_line",
    "unmatch_line",
]
