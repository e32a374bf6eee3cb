"""Every statement that has a page of its own: its address, its filter, and what makes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fundapp.audit.forms import AsOfFilter, FundFilter, PeriodFilter, YearFilter
from fundapp.audit.statements import activities, balances, budget, cash, notes, parts, position
from fundapp.audit.statements.description import BookStatement
from fundapp.markers import N_


@dataclass(frozen=True, slots=True)
class StatementKind:
    """A statement: its address below ``/audit``, its title, what it tells, its filter, and how it
    is made from a filter that is valid.
    """

    address: str
    title: str
    lead: str
    filter: type[FundFilter]
    make: Callable[[Any], BookStatement]

    @property
    def view(self) -> str:
        """The name of its view."""
        return self.address.replace("-", "_")


def _as_of(make: Callable[..., BookStatement]) -> Callable[[AsOfFilter], BookStatement]:
    return lambda form: make(form.day, form.fund_code)


def _of_days(make: Callable[..., BookStatement]) -> Callable[[PeriodFilter], BookStatement]:
    return lambda form: make(form.first_day, form.last_day, form.fund_code)


def _of_year(make: Callable[..., BookStatement]) -> Callable[[YearFilter], BookStatement]:
    return lambda form: make(form.fiscal_year, form.fund_code)


#: In the order in which auditors read them.
KINDS = (
    StatementKind(
        "trial-balance",
        N_("Trial balance"),
        N_("Every account with movement, and its balance on the side where it stands."),
        AsOfFilter,
        _as_of(balances.trial_balance),
    ),
    StatementKind(
        "accounts",
        N_("Accounts"),
        N_("The chart of accounts. Each account opens its general ledger."),
        AsOfFilter,
        _as_of(balances.chart_of_accounts),
    ),
    StatementKind(
        "funds",
        N_("Fund balances"),
        N_("What came in, less what was spent or approved, is what a fund may still spend."),
        AsOfFilter,
        _as_of(balances.fund_balances),
    ),
    StatementKind(
        "financial-position",
        N_("Statement of financial position"),
        N_("Assets, liabilities and net assets at the end of a day, beside a year earlier."),
        AsOfFilter,
        _as_of(position.financial_position),
    ),
    StatementKind(
        "activities",
        N_("Statement of activities"),
        N_("Income, expenses and the change in net assets of each fund."),
        PeriodFilter,
        _of_days(activities.activities),
    ),
    StatementKind(
        "net-assets",
        N_("Statement of changes in net assets/equity"),
        N_("Net assets at the beginning, what changed them, and at the end, of each fund."),
        PeriodFilter,
        _of_days(position.changes_in_net_assets),
    ),
    StatementKind(
        "receipts-and-payments",
        N_("Receipts and payments"),
        N_("What came in and went out as money, and what lies in each account at the end."),
        PeriodFilter,
        _of_days(cash.receipts_and_payments),
    ),
    StatementKind(
        "cash-book",
        N_("Cash book"),
        N_("Each account that holds money. Its name opens its own book, line by line."),
        PeriodFilter,
        _of_days(cash.cash_book),
    ),
    StatementKind(
        "receipts-by-campaign",
        N_("Receipts by campaign"),
        N_("Gifts by the campaign for which they were given, and those without campaign."),
        PeriodFilter,
        _of_days(parts.receipts_by_campaign),
    ),
    StatementKind(
        "help-by-district",
        N_("Help by district"),
        N_("What was approved and paid for the children of each district."),
        PeriodFilter,
        _of_days(parts.help_by_district),
    ),
    StatementKind(
        "budget",
        N_("Budget against actual"),
        N_("What each fund may spend in a fiscal year, and what it was charged with."),
        YearFilter,
        _of_year(budget.budget_against_actual),
    ),
    StatementKind(
        "notes",
        N_("Notes to the financial statements"),
        N_("How the books are kept, and what the figures of the statements are made of."),
        AsOfFilter,
        _as_of(notes.notes),
    ),
)
