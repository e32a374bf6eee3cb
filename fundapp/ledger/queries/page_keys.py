"""Where a page of the books starts: the key of an entry or posting, as a value and as text."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, order=True)
class PageKey:
    """A key in the order of the books: day, entry, posting. An entry alone has position 0."""

    entry_on: date
    entry_id: int
    position: int = 0

    def __str__(self) -> str:
        """``2026-11-24.461168601842738790.1``."""
        return f"{self.entry_on.isoformat()}.{self.entry_id}.{self.position}"

    @classmethod
    def parse(cls, text: str | None) -> "PageKey | None":
        """The key that ``text`` names; anything else is None, which means the first page."""
        parts = (text or "").split(".")
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts[1:]):
            return None
        try:
            # int() itself refuses texts of thousands of digits.
            key = cls(date.fromisoformat(parts[0]), int(parts[1]), int(parts[2]))
        except ValueError:
            return None
        return key if key.entry_id < 2**63 and key.position < 2**31 else None
