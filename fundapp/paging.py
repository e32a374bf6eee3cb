"""Pages by key: a list never counts past rows it does not show, however long it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Rows of one page, and the key after which the next page starts (None: there is none)."""

    rows: Sequence[R]
    next_key: str | None


def page_of(rows: Sequence[R], limit: int, key: Callable[[R], object]) -> Page[R]:
    """A page from a query that asked for ``limit + 1`` rows: the extra one only says that more
    follow.
    """
    shown = rows[:limit]
    return Page(shown, str(key(shown[-1])) if len(rows) > limit else None)


def int_key(text: str | None) -> int | None:
    """A row id out of an address; anything else means the first page."""
    if not (text and text.isascii() and text.isdigit() and len(text) < 20):
        return None
    return value if (value := int(text)) < 2**63 else None


def day_key(text: str | None) -> tuple[date, int] | None:
    """A day and a row id out of an address (``2026-11-24.17``); anything else means the first
    page.
    """
    day, _dot, number = (text or "").partition(".")
    row_id = int_key(number)
    try:
        return None if row_id is None else (date.fromisoformat(day), row_id)
    except ValueError:
        return None
