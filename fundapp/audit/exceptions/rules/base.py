"""What rules see, and what they find (pure)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, NamedTuple

from fundapp.clock import local_day
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import EntryKind


class SeenEntry(NamedTuple):
    """An entry as the rules see it."""

    entry_id: int
    kind: EntryKind
    entry_on: date
    posted_at: datetime
    satang: int
    maker: str
    checker: str

    @property
    def posted_on(self) -> date:
        """The day in Thailand."""
        return local_day(self.posted_at)


class SeenHelp(NamedTuple):
    """A request as the rules see it, from the entry that approved it. People are public ids, the
    payee and the account short keyed hashes: equal where the name or the number is.

    ``staff`` are those who work for the fund and have the account; ``papers`` the hashes of the
    signed papers; ``shares``: the account is another payee's too.
    """

    entry_id: int
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
    entry_id: int | None = None
    spent_on: date | None = None


class SeenReceipt(NamedTuple):
    """A receipt of a fiscal year, in the order of the numbers."""

    label: str
    number: int
    issued_on: date
    satang: int
    entry_id: int


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
    entry_ids: tuple[int, ...]
    satang: int
    day: date
    people: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """The public numbers of the entries."""
        return tuple(map(entry_number, self.entry_ids))


@dataclass(frozen=True, slots=True)
class ExceptionRule:
    """A rule: how an address names it, its title and explanation, what finds and what it reads."""

    name: str
    title: str
    why: str
    find: Callable[[Sequence[Any], int], Iterator[Found]]
    source: Source = Source.ENTRIES
