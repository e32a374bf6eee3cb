"""Every change of lines and their matches, made inside the caller's unit of work."""

from fundapp.banking.matching.operations.cash import book_cash
from fundapp.banking.matching.operations.charges import book_charge
from fundapp.banking.matching.operations.gifts import record_as_gift
from fundapp.banking.matching.operations.lines import hold_line, ignore_line, release_line
from fundapp.banking.matching.operations.matches import (
    CertainResult,
    RefusedLine,
    match_certain,
    match_line,
    unmatch_line,
)
from fundapp.banking.matching.operations.returns import book_return

__all__ = [
    "CertainResult",
    "RefusedLine",
    "book_cash",
    "book_charge",
    "book_return",
    "hold_line",
    "ignore_line",
    "match_certain",
    "match_line",
    "record_as_gift",
    "release_line",
    "unmatch_line",
]
