"""Trial balance, chart of accounts and balances of funds, at the end of a day."""

from datetime import date

from flask_babel import gettext as _

from fundapp.audit.statements.description import (
    BarChart,
    Behind,
    BookFigure,
    BookRow,
    BookStatement,
    CellText,
    ColumnKind,
    LineKind,
    Series,
    StatementColumn,
    heading,
)
from fundapp.audit.statements.figures import (
    Days,
    accounts_in,
    at_end,
    baht,
    until,
    whose,
    without_year_ends,
)
from fundapp.ledger import queries as ledger
from fundapp.ledger.models import Account, AccountType
from fundapp.ledger.queries import Sum
from fundapp.web.locale import localized

#: The figures of a fund: key, accounts whose codes begin so, what is added up.
_OF_A_FUND = (
    ("brought_forward", ("3",), Sum.CREDIT),
    ("income", ("4",), Sum.CREDIT),
    ("expense", ("5",), Sum.DEBIT),
    ("net_assets", ("3", "4", "5"), Sum.CREDIT),
    ("assets", ("1",), Sum.DEBIT),
    ("liabilities", ("2",), Sum.CREDIT),
)


def trial_balance(day: date, fund_code: str | None) -> BookStatement:
    """Every account with movement, and its balance on the side where it stands."""
    days = until(day, fund_code)
    rows, sides = [], dict[Sum, list[str]]({Sum.DEBIT: [], Sum.CREDIT: []})
    for account in accounts_in(days):
        balance = days.moved((account.code,)).balance_satang
        side = Sum.DEBIT if balance > 0 else Sum.CREDIT
        figure = days.figure((account.code,), side)
        if balance:
            sides[side].append(account.code)
        shown = (figure, BookFigure(0)) if side is Sum.DEBIT else (BookFigure(0), figure)
        rows.append(BookRow((*_account(days, account), *shown)))
    totals = (days.figure(codes, side) for side, codes in sides.items())
    rows.append(BookRow((None, CellText(_("Total")), *totals), LineKind.TOTAL))
    return BookStatement(
        name=f"trial-balance-{day}",
        title=_("Trial balance"),
        when=at_end(day),
        whose=whose(fund_code),
        columns=(
            StatementColumn("code", _("Code"), ColumnKind.CODE),
            StatementColumn("name", _("Account")),
            baht("debit", _("Debit (baht)"), blank_zero=True),
            baht("credit", _("Credit (baht)"), blank_zero=True),
        ),
        rows=tuple(rows),
    )


def chart_of_accounts(day: date, fund_code: str | None) -> BookStatement:
    """Every account of the chart with its balance, by type."""
    days, chart, rows = until(day, fund_code), ledger.list_accounts(), []
    for digit, type_ in zip("12345", AccountType, strict=True):
        rows.append(heading(_(type_.label), 4, id_=str(type_)))
        for account in chart:
            if account.type is type_:
                code, name = _account(days, account)
                kind = CellText(_(type_.label))
                rows.append(BookRow((code, name, kind, days.natural(account.code))))
        total = days.figure((digit,), Sum.DEBIT if digit in "15" else Sum.CREDIT)
        rows.append(BookRow((None, CellText(_("Total")), None, total), LineKind.TOTAL))
    return BookStatement(
        name=f"accounts-{day}",
        title=_("Accounts"),
        when=at_end(day),
        whose=whose(fund_code),
        columns=(
            StatementColumn("code", _("Code"), ColumnKind.CODE),
            StatementColumn("name", _("Account")),
            StatementColumn("type", _("Kind")),
            baht("balance", _("Balance (baht)")),
        ),
        rows=tuple(rows),
    )


def fund_balances(day: date, fund_code: str | None) -> BookStatement:
    """What came in, less what was spent or approved, of each fund, whichever years are closed."""
    days = without_year_ends(until(day, fund_code))
    funds = [fund for fund in ledger.list_funds() if fund_code in (None, fund.code)]
    labels = (
        _("Brought forward"), _("Income"), _("Expenses"), _("Net assets"), _("Assets"),
        _("Liabilities"),
    )  # fmt: skip
    rows = [
        BookRow(
            (
                CellText(fund.code, link=_all_of(days, fund.code)),
                CellText(localized(fund), note=_(fund.restriction.label)),
                *(days.figure(accounts, sum_, fund.code) for _key, accounts, sum_ in _OF_A_FUND),
            )
        )
        for fund in funds
    ]
    totals = (days.figure(accounts, sum_) for _key, accounts, sum_ in _OF_A_FUND)
    rows.append(BookRow((None, CellText(_("Total")), *totals), LineKind.TOTAL))
    net_assets = [Sum.CREDIT.of(days.moved(("3", "4", "5"), fund.code)) for fund in funds]
    return BookStatement(
        name=f"funds-{day}",
        title=_("Fund balances"),
        when=at_end(day),
        whose=whose(fund_code),
        columns=(
            StatementColumn("fund", _("Fund"), ColumnKind.CODE),
            StatementColumn("name", _("Name")),
            *(baht(key, label) for (key, *_rest), label in zip(_OF_A_FUND, labels, strict=True)),
        ),
        rows=tuple(rows),
        notes=(_("Amounts in baht. Net assets are assets less liabilities."),),
        chart=BarChart(
            title=_("Net assets of each fund"),
            labels=[fund.code for fund in funds],
            series=[Series(_("Net assets"), net_assets)],
            label_heading=_("Fund"),
        )
        if any(net_assets)
        else None,
    )


def _account(days: Days, account: Account) -> tuple[CellText, CellText]:
    """The code and the name, which opens the account's general ledger."""
    behind = days.natural(account.code).link
    return CellText(account.code), CellText(localized(account), link=behind)


def _all_of(days: Days, fund_code: str) -> Behind:
    """The entries that make a fund's net assets."""
    accounts = "3", "4", "5"
    return Behind(accounts, Sum.CREDIT, fund_code, days.from_on, days.to_on, days.with_year_ends)
