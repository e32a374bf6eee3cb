"""What rules see, and what they find (pure)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from fundapp.ledger.models import EntryKind


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """An entry as the rules see it; ``posted_on`` is the day in Thailand."""

    number: str
    kind: EntryKind
    entry_on: date
    posted_on: date
    satang: int
    maker: str
    checker: str


@dataclass(frozen=True, slots=True)
class SeenHelp:
    """A request as the rules see it, from the entry that approved it. People are public ids, the
    payee and the account short keyed hashes: equal where the name or the number is.

    ``staff`` are those who work for the fund and have the account; ``papers`` the hashes of the
    signed papers; ``shares``: the account is another payee's too.
    """

    number: str
    day: date
    satang: int
    asker: str
    prover: str = ""
    payee: str = ""
    account: str = ""
    shares: bool = False
    staff: tuple[str, ...] = ()
    reference: str = ""
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenFund:
    """A fund as the rules see it: what it can spend, and the newest entry that spent of it."""

    code: str
    satang: int
    until: date
    number: str = ""
    spent_on: date | None = None


@dataclass(frozen=True, slots=True)
class SeenReceipt:
    """A receipt of a fiscal year, in the order of the numbers."""

    label: str
    number: int
    issued_on: date
    satang: int
    entry: str


class Source(Enum):
    """What a rule reads."""

    ENTRIES = "entries"
    HELP = "help"
    ACCOUNTS = "accounts"
    FUNDS = "funds"
    RECEIPTS = "receipts"


@dataclass(frozen=True, slots=True)
class Found:
    """Something that stands out: its entries, amount and, where they matter, people and codes (of
    payees, funds, receipts and digits).
    """

    key: str
    numbers: tuple[str, ...]
    satang: int
    day: date
    people: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExceptionRule:
    """A rule: how an address names it, its title and explanation, what finds and what it reads."""

    name: str
    title: str
    why: str
    find: Callable[[Sequence[Any], int], Iterator[Found]]
    source: Source = Source.ENTRIES
