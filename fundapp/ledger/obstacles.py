"""What stands against closing a fund.

The packages of pledges and of requests are above this one. Each puts a function into the
application's extensions under `OBSTACLES`; it gives the error that says what is left to do, or
None.
"""

from collections.abc import Callable, Iterator

from flask import current_app

from fundapp.errors import RuleError
from fundapp.ledger.chart import ASSISTANCE_PAYABLE
from fundapp.ledger.errors import FundHoldsMoneyError
from fundapp.ledger.models import Fund
from fundapp.ledger.queries import find_holdings, get_account
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.web.locale import localized

#: Where the application keeps the functions; the parameter is the code of the fund.
OBSTACLES = "obstacles_to_closing_funds"
_HELP_WAITS = N_(
    "Approved help of %(amount)s baht still waits to be paid (account %(account)s). Pay it, or "
    "cancel those requests, first."
)
Obstacle = Callable[[str], RuleError | None]


def find_obstacles(fund: Fund) -> Iterator[RuleError]:
    """What is left to do before the fund can be closed."""
    balances = find_holdings(fund.code).balances
    for (_fund_code, account_code), moved in sorted(balances.items()):
        # From "3" on the accounts say where money came from and went.
        if account_code < "3" and moved.balance_satang:
            amount = format_baht(abs(moved.balance_satang))
            account = f"{account_code} {localized(get_account(account_code))}"
            sentence = _HELP_WAITS if account_code == ASSISTANCE_PAYABLE else None
            yield FundHoldsMoneyError(sentence, params={"account": account, "amount": amount})
    others: list[Obstacle] = current_app.extensions.get(OBSTACLES, [])
    yield from filter(None, (find(fund.code) for find in others))


def require_closable(fund: Fund) -> None:
    """Raise the first of what stands against closing it."""
    for obstacle in find_obstacles(fund):
        raise obstacle
