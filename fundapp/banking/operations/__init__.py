"""The changes of banking that other packages may make. They run in the caller's unit of work."""

from fundapp.banking.matching.operations import (
    CertainResult,
    RefusedLine,
    SplitPart,
    UndoneMatch,
    book_charge,
    book_return,
    book_transfer,
    hold_line,
    ignore_line,
    match_card_payout,
    match_certain,
    match_line,
    record_as_gift,
    record_transfer,
    release_line,
    split_line,
    undo_match_of_payment,
    unmatch_line,
)
from fundapp.banking.operations.accounts import (
    change_promptpay,
    freeze_account,
    open_bank_account,
    release_account,
)
from fundapp.banking.operations.profiles import save_profile
from fundapp.banking.statement_files.operations import (
    ImportResult,
    import_statement,
    undo_import,
)

__all__ = [
    "CertainResult",
    "ImportResult",
    "RefusedLine",
    "SplitPart",
    "UndoneMatch",
    "book_charge",
    "book_return",
    "book_transfer",
    "change_promptpay",
    "freeze_account",
    "hold_line",
    "ignore_line",
    "import_statement",
    "match_card_payout",
    "match_certain",
    "match_line",
    "open_bank_account",
    "record_as_gift",
    "record_transfer",
    "release_account",
    "release_line",
    "save_profile",
    "split_line",
    "undo_import",
    "undo_match_of_payment",
    "unmatch_line",
]
