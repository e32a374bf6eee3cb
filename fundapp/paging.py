"""Lists page by key, never by offset: the cost of a page does not grow with the list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

R = TypeVar("R")
#: Counts on pages stop here: that there is more says enough, and each page of the list says so too.
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Rows of one page, and the key after which the next page starts (None: there is none)."""

    rows: Sequence[R]
    next_key: str | None


def page_of(rows: Sequence[R], limit: int, key: Callable[[R], object]) -> Page[R]:
    """A page from a query that asked for ``limit + 1`` rows; an extra row says that more follow."""
    shown = rows[:limit]
    return Page(shown, str(key(shown[-1])) if len(rows) > limit else None)


def int_key(text: str | None) -> int | None:
    """The row id that an address gives as its key; None, the first page, for anything else."""
    if not (text and text.isascii() and text.isdigit() and len(text) < 20):
        return None
    return value if (value := int(text)) < 2**63 else None


def day_key(text: str | None) -> tuple[date, int] | None:
    """The day and row id of a key as `day_key_text` writes it; None for anything else."""
    day, _, number = (text or "").partition(".")
    row_id = int_key(number)
    try:
        return None if row_id is None else (date.fromisoformat(day), row_id)
    except ValueError:
        return None


def day_key_text(day: date, row_id: int) -> str:
    """The key of a row in a list that is ordered by day and row id: ``2026-11-24.123``."""
    return f"{day.isoformat()}.{row_id}"
