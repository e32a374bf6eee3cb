"""Receipts by campaign, and help by district: what the books say of parts that are no accounts.

Each column adds up to the accounts: what is of no district or campaign is what the others leave of
the balances, and its entries are listed like those of any other row.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from flask_babel import gettext as _

from fundapp.audit.statements.attribution import (
    NONE,
    find_campaigns,
    sums_by_campaign,
)
from fundapp.audit.statements.description import (
    BarChart,
    Behind,
    BookFigure,
    BookRow,
    BookStatement,
    CellText,
    LineKind,
    LinkedPage,
    Series,
    StatementColumn,
)
from fundapp.audit.statements.figures import Days, accounts_in, baht, between, from_to, whose
from fundapp.disbursements.help_sums.queries import help_sums
from fundapp.ledger.chart import ASSISTANCE_PAYABLE
from fundapp.ledger.queries import LedgerSpan, Movement, Sum
from fundapp.places.queries import list_districts
from fundapp.web.locale import localized

#: The begin of the codes of income, and of help that was approved.
_INCOME, _HELP = "4", "51"
#: By double entry what was approved, less what of it waits, was paid.
_PAID = (_HELP, ASSISTANCE_PAYABLE)

#: A column: its accounts, and what of them is added up.
Column = tuple[tuple[str, ...], Sum]


def receipts_by_campaign(from_on: date, to_on: date, fund_code: str | None) -> BookStatement:
    """Income that came by the page or the events of each campaign, to the fund of the campaign."""
    days = between(from_on, to_on, fund_code)
    sums = sums_by_campaign(_span(days, (_INCOME,)))
    columns: list[Column] = [((_INCOME,), each) for each in (Sum.CREDITS, Sum.DEBITS, Sum.CREDIT)]
    rows = []
    taken = dict.fromkeys(range(len(columns)), 0)
    for campaign in find_campaigns(sums):
        amounts = [sum_.of(sums[campaign.slug]) for _accounts, sum_ in columns]
        page = LinkedPage("audit.receipts_of_campaign", {"slug": campaign.slug})
        name, note = localized(campaign), localized(campaign.fund)
        rows.append(_row(CellText(name, note=note), days, columns, amounts, page))
        taken = {at: taken[at] + amount for at, amount in enumerate(amounts)}
    rest = LinkedPage("audit.receipts_of_campaign", {"slug": NONE})
    return BookStatement(
        name=f"receipts-by-campaign-{from_on}-{to_on}",
        title=_("Receipts by campaign"),
        when=from_to(from_on, to_on),
        whose=whose(fund_code),
        columns=(
            StatementColumn("name", _("Campaign")),
            baht("received", _("Received (baht)")),
            baht("taken_back", _("Given back or corrected (baht)")),
            baht("net", _("Left (baht)")),
        ),
        rows=(*rows, *_last_rows(_("Without campaign"), days, columns, taken, rest)),
        notes=(
            _(
                "A gift is of a campaign when it was pledged on the page of the campaign, or "
                "counted as cash at one of its events; only what went to the fund of the campaign "
                "counts."
            ),
            _(
                "Bank interest, grants and gifts that name no campaign are without campaign. "
                "Fees and help are of no campaign: a fund spends its oldest money first, whatever "
                "it was given for. Which help a gift became is told on the page of its entry."
            ),
        ),
    )


def help_by_district(from_on: date, to_on: date, fund_code: str | None) -> BookStatement:
    """Help by the district of the children of its request, approved and paid."""
    days = between(from_on, to_on, fund_code)
    sums = help_sums(_span(days, _PAID))
    accounts = accounts_in(days, begins=_HELP)
    columns: list[Column] = [((account.code,), Sum.DEBIT) for account in accounts]
    columns += [((_HELP,), Sum.DEBIT), (_PAID, Sum.DEBIT)]
    rows, shown = [], []
    taken = dict.fromkeys(range(len(columns)), 0)
    of_places = {code for code, _account in sums}
    for district in list_districts():
        if district.code not in of_places:
            continue
        amounts = [_moved(sums, district.code, *column) for column in columns]
        page = LinkedPage("audit.help_of_district", {"code": district.code})
        rows.append(_row(CellText(localized(district)), days, columns, amounts, page))
        shown.append((localized(district), amounts[-2], amounts[-1]))
        taken = {at: taken[at] + amount for at, amount in enumerate(amounts)}
    rest = LinkedPage("audit.help_of_district", {"code": NONE})
    return BookStatement(
        name=f"help-by-district-{from_on}-{to_on}",
        title=_("Help by district"),
        when=from_to(from_on, to_on),
        whose=whose(fund_code),
        columns=(
            StatementColumn("name", _("District")),
            *(baht(account.code, localized(account)) for account in accounts),
            baht("approved", _("All help approved (baht)")),
            baht("paid", _("Help paid (baht)")),
        ),
        rows=(*rows, *_last_rows(_("Not of a district"), days, columns, taken, rest)),
        notes=(
            _(
                "Help is of the district for which it was asked, where the children of the request "
                "lived then. A child that moved later changes nothing here."
            ),
            _(
                "Approved is less what was cancelled. Gifts, fees and the costs of the office "
                "are of no district; help that no request stands behind is not of a district."
            ),
        ),
        chart=_chart(shown),
    )


def district_name(code: str) -> str:
    """What the entries of a district are called."""
    names = {district.code: localized(district) for district in list_districts()}
    return names.get(code, _("Not of a district"))


def campaign_name(slug: str) -> str:
    """What the entries of a campaign are called."""
    return next(map(localized, find_campaigns([slug])), _("Without campaign"))


def _span(days: Days, begins: Iterable[str]) -> LedgerSpan:
    codes = [
        account.code for account in accounts_in(days) if account.code.startswith(tuple(begins))
    ]
    return LedgerSpan(
        codes, days.from_on, days.to_on, days.fund_code, Sum.DEBIT, with_year_ends=False
    )


def _moved(
    sums: dict[tuple[str, str], Movement], part: str, begins: tuple[str, ...], sum_: Sum
) -> int:
    of_part = (
        moved for (own, code), moved in sums.items() if own == part and code.startswith(begins)
    )
    return sum_.of(sum(of_part, Movement()))


def _row(
    name: CellText, days: Days, columns: list[Column], amounts: list[int], page: LinkedPage
) -> BookRow:
    return BookRow(
        (
            name,
            *(
                BookFigure(amount, _behind(days, column, page))
                for amount, column in zip(amounts, columns, strict=True)
            ),
        )
    )


def _behind(days: Days, column: Column, page: LinkedPage) -> Behind:
    accounts, sum_ = column
    behind = Behind(accounts, sum_, days.fund_code, days.from_on, days.to_on, days.with_year_ends)
    return replace(behind, page=page)


def _last_rows(
    name: str, days: Days, columns: list[Column], taken: dict[int, int], rest: LinkedPage
) -> tuple[BookRow, BookRow]:
    """What is of no part, and the accounts as a whole."""
    totals = [days.figure(*column) for column in columns]
    left = [total.satang - taken[at] for at, total in enumerate(totals)]
    return (
        _row(CellText(name), days, columns, left, rest),
        BookRow((CellText(_("Total")), *totals), LineKind.TOTAL),
    )


def _chart(shown: list[tuple[str, int, int]]) -> BarChart | None:
    if not shown:
        return None
    names, approved, paid = zip(*shown, strict=True)
    return BarChart(
        title=_("Help of each district"),
        labels=names,
        series=[Series(_("Help approved"), approved), Series(_("Help paid"), paid, "b")],
        label_heading=_("District"),
    )
