"""What help would do to budgets that packages above keep.

Such a package puts a function into the application's extensions under `SPENDING_RULES`; it gives
the error that would refuse the help, or tells what the help overspends, or None.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from flask import current_app

from fundapp.errors import RuleError

#: Where the application keeps the functions.
SPENDING_RULES = "rules_of_spending"


@dataclass(frozen=True, slots=True)
class PlannedSpending:
    """Help that is to be approved: of a fund, charged to an expense account on a day."""

    fund_code: str
    account_code: str
    satang: int
    day: date


SpendingRule = Callable[[PlannedSpending], RuleError | None]


def find_warnings(planned: PlannedSpending) -> Iterator[RuleError]:
    """What people are to know before they approve it."""
    rules: list[SpendingRule] = current_app.extensions.get(SPENDING_RULES, [])
    yield from filter(None, (rule(planned) for rule in rules))
