"""Every change of lines and their matches, made inside the caller's unit of work."""

from fundapp.banking.matching.operations.card_payouts import match_card_payout
from fundapp.banking.matching.operations.certain import (
    CertainResult,
    RefusedLine,
    match_certain,
)
from fundapp.banking.matching.operations.charges import book_charge
from fundapp.banking.matching.operations.deposits import deposit_cash
from fundapp.banking.matching.operations.gifts import record_as_gift
from fundapp.banking.matching.operations.givers import match_givers
from fundapp.banking.matching.operations.lines import hold_line, ignore_line, release_line
from fundapp.banking.matching.operations.matches import (
    UndoneMatch,
    match_line,
    undo_match_of_payment,
    unmatch_line,
)
from fundapp.banking.matching.operations.returns import (
    book_comeback,
    book_return,
    book_share_return,
)
from fundapp.banking.matching.operations.splits import SplitPart, split_line
from fundapp.banking.matching.operations.suspense import book_suspense
from fundapp.banking.matching.operations.transfers import book_transfer, record_transfer
from fundapp.banking.matching.waiting import Waiting

__all__ = [
    "CertainResult",
    "RefusedLine",
    "SplitPart",
    "UndoneMatch",
    "Waiting",
    "book_charge",
    "book_comeback",
    "book_return",
    "book_share_return",
    "book_suspense",
    "book_transfer",
    "deposit_cash",
    "hold_line",
    "ignore_line",
    "match_card_payout",
    "match_certain",
    "match_givers",
    "match_line",
    "record_as_gift",
    "record_transfer",
    "release_line",
    "split_line",
    "undo_match_of_payment",
    "unmatch_line",
]
