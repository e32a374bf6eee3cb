"""The messages of banks that are read beside the CSV styles: their codes, names and readers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fundapp.banking.statement_files import camt, swift
from fundapp.banking.statement_files.parsed import ParsedStatement


@dataclass(frozen=True, slots=True)
class Message:
    """One kind of message; ``parse`` raises StatementRejected only."""

    title: str
    is_like: Callable[[str], bool]
    parse: Callable[[bytes], tuple[ParsedStatement, ...]]


#: By the codes that commands and forms use beside those of `StatementProfile`; no style has them.
MESSAGES: Mapping[str, Message] = {
    "mt940": Message(swift.TITLE, swift.is_mt940, swift.parse_mt940),
    "camt053": Message(camt.TITLE, camt.is_camt053, camt.parse_camt053),
}
