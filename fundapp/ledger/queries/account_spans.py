"""Which postings a page of accounts is taken from, and what of them is added up."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

from fundapp.ledger.queries.balances import Movement
from fundapp.ledger.queries.page_keys import PageKey


class Sum(StrEnum):
    """What is added up of postings: debits less credits, credits less debits, or one side alone."""

    DEBIT = "debit"
    CREDIT = "credit"
    DEBITS = "debits"
    CREDITS = "credits"

    @property
    def shows_debits(self) -> bool:
        """Whether debits count."""
        return self is not Sum.CREDITS

    @property
    def shows_credits(self) -> bool:
        """Whether credits count."""
        return self is not Sum.DEBITS

    def of(self, moved: Movement) -> int:
        """The sum of what moved, in satang."""
        return {
            Sum.DEBIT: moved.balance_satang,
            Sum.CREDIT: -moved.balance_satang,
            Sum.DEBITS: moved.debit_satang,
            Sum.CREDITS: moved.credit_satang,
        }[self]


class KeptPart(Protocol):
    """What is kept of a part of the postings; the same that its condition finds in the books."""

    def moved(self, span: "LedgerSpan", until: PageKey | None) -> Movement:
        """What it moved in the accounts of a span, up to and including a key."""
        ...

    def keys(
        self, span: "LedgerSpan", start: PageKey, limit: int
    ) -> Iterable[tuple[date, int, int]]:
        """Its first postings after a key, on the sides that count; further ones do no harm."""
        ...


@dataclass(frozen=True, slots=True)
class SpanPart:
    """A part of the postings of a span: those of which a condition of SQL about ``postings`` is
    true, or all others. ``entries`` lists its entries, as ``own`` of the journal; sums and pages
    begin with them. Both are written in the program; values come by name.

    ``kept``: sums and postings of the part that are kept beside the books, and read instead.
    ``whole``: what it moved in a span as a whole, from sums that are kept.
    """

    condition: str
    values: Mapping[str, str]
    is_rest: bool = False
    entries: str = ""
    kept: "KeptPart | None" = None
    whole: "Callable[[LedgerSpan], Movement] | None" = None

    @property
    def sql(self) -> str:
        """The condition that each of its postings meets."""
        return f"NOT {self.condition}" if self.is_rest else self.condition

    @property
    def rest(self) -> "SpanPart":
        """All other postings of the span."""
        return replace(self, is_rest=not self.is_rest)


@dataclass(frozen=True, slots=True)
class LedgerSpan:
    """Which postings a page is taken from: of accounts, in some days, of one fund or all, with or
    without the closing of fiscal years, or of them a part; and what of them is added up.
    """

    codes: Sequence[str]
    from_on: date
    to_on: date
    fund_code: str | None
    sum: Sum
    with_year_ends: bool = True
    part: SpanPart | None = None
