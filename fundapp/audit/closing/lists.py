"""The list of what has to be dealt with before a month is closed: which items block is decided here
(docs/closing.md says why).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from fundapp.audit.closing import rows
from fundapp.audit.closing.rows import ClosingRow
from fundapp.ledger.closing import ClosingItem
from fundapp.ledger.models import Period
from fundapp.markers import N_


@dataclass(frozen=True, slots=True)
class ClosingList:
    """An item of the list with how its rows are found. ``title`` and ``what_to_do`` are message
    ids.
    """

    name: str
    title: str
    what_to_do: str
    blocks: bool
    find: Callable[[Period], Iterable[ClosingRow]]
    #: Only of the month with which a fiscal year ends.
    of_year: bool = False

    def rows(self, period: Period) -> list[ClosingRow]:
        """What is left of it."""
        if self.of_year and not period.ends_year:
            return []
        return list(self.find(period))


def find_lists(period: Period) -> list[ClosingItem]:
    """Every item for the month, with how many are left."""
    return [
        ClosingItem(item.name, item.title, item.what_to_do, len(item.rows(period)), item.blocks)
        for item in LISTS
        if period.ends_year or not item.of_year
    ]


#: In the order in which one deals with them.
LISTS: tuple[ClosingList, ...] = (
    ClosingList(
        "earlier-months",
        N_("Earlier months with entries that are open"),
        N_("With this month the fiscal year is closed: close the months before it first."),
        True,
        rows.earlier_months,
        of_year=True,
    ),
    ClosingList(
        "bank-days",
        N_("Days of a bank account that no statement covers"),
        N_("Import the statement of these days."),
        True,
        rows.days_without_statement,
    ),
    ClosingList(
        "bank-lines",
        N_("Bank lines that are not dealt with"),
        N_("Match each line, or book it as money that waits."),
        True,
        rows.open_lines,
    ),
    ClosingList(
        "bank-balances",
        N_("Bank accounts with a difference that nothing explains"),
        N_("Open the reconciliation of the account and find what is missing."),
        True,
        rows.unexplained,
    ),
    ClosingList(
        "card-notices",
        N_("Notices of the card processor that are not booked"),
        N_("The worker books them; if they stay, ask the person in charge of the server."),
        True,
        rows.card_notices,
    ),
    ClosingList(
        "card-payouts",
        N_("Payouts of the card processor without a bank line"),
        N_("Match the payout with its line."),
        True,
        rows.card_payouts,
    ),
    ClosingList(
        "cash-counts",
        N_("Counts of cash that wait for the second person"),
        N_("Another person counts and confirms."),
        True,
        rows.waiting_counts,
    ),
    ClosingList(
        "checks-failed",
        N_("Checks that failed"),
        N_("Find out why, put it right and run the checks again."),
        True,
        rows.red_checks,
    ),
    ClosingList(
        "unsealed",
        N_("Entries that wait longer than an hour to be sealed"),
        N_("The worker seals them: ask the person in charge of the server whether it runs."),
        True,
        rows.unsealed,
    ),
    ClosingList(
        "accounts-without-statement",
        N_("Bank accounts with money of which no statement was ever imported"),
        N_("Import their statements, so that the books are compared with the bank."),
        False,
        rows.accounts_without_statement,
    ),
    ClosingList(
        "waiting-money",
        N_("Money that waits in the books"),
        N_("Find out whose it is. It may wait longer than a month."),
        False,
        rows.waiting_money,
    ),
    ClosingList(
        "open-proofs",
        N_("Help that was paid without a proof of receipt"),
        N_("File the signed papers. They often come in the month after."),
        False,
        rows.open_proofs,
    ),
    ClosingList(
        "boxes-not-counted",
        N_("Cash boxes with money that were not counted in the month"),
        N_("Two people count the box."),
        False,
        rows.uncounted_boxes,
    ),
    ClosingList(
        "checks-old",
        N_("Checks that have not run for 36 hours"),
        N_("Run them again, so that what they say is of today."),
        False,
        rows.stale_checks,
    ),
)


def get_list(name: str) -> ClosingList | None:
    """The item of this name."""
    return next((item for item in LISTS if item.name == name), None)
