"""What has to be dealt with before a month of the books is closed, by packages above the books.

Such a package puts a function into the application's extensions under `CLOSING_RULES`; it gives the
items of the list for a month. An item that blocks refuses the closing while anything of it is left;
the others are shown to whoever closes.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import current_app

from fundapp.ledger.models import Period

#: Where the application keeps the functions.
CLOSING_RULES = "rules_of_closing"


@dataclass(frozen=True, slots=True)
class ClosingItem:
    """One line of the list. ``title`` and ``what_to_do`` are message ids; ``count`` says how many
    are left.
    """

    name: str
    title: str
    what_to_do: str
    count: int
    blocks: bool

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self.count == 0

    @property
    def stops(self) -> bool:
        """Whether the month cannot be closed because of it."""
        return self.blocks and not self.is_done


ClosingRule = Callable[[Period], Iterable[ClosingItem]]


def find_items(period: Period) -> list[ClosingItem]:
    """The whole list for a month, what is done as well."""
    rules: list[ClosingRule] = current_app.extensions.get(CLOSING_RULES, [])
    return [item for rule in rules for item in rule(period)]


def find_stopping(period: Period) -> list[ClosingItem]:
    """What stops the month from being closed."""
    return [item for item in find_items(period) if item.stops]
