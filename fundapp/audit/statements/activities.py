"""The statement of activities: income, expenses and the change in net assets of each fund."""

from datetime import date

from flask_babel import gettext as _

from fundapp.audit.statements.description import (
    BarChart,
    BookRow,
    BookStatement,
    Cell,
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
    baht,
    between,
    from_to,
    fund_names,
    of_funds,
    shown_funds,
    whose,
    year_before,
)
from fundapp.ledger.models import Account
from fundapp.ledger.periods import month_start
from fundapp.ledger.queries import Movement, Sum, monthly_movements
from fundapp.web.filters import month_short
from fundapp.web.locale import localized

#: A chart of more months could not be read.
_MOST_MONTHS = 24


def activities(from_on: date, to_on: date, fund_code: str | None) -> BookStatement:
    """Income and expenses by account and fund, and of all funds a year earlier."""
    days = between(from_on, to_on, fund_code)
    last = between(year_before(from_on), year_before(to_on), fund_code)
    funds = shown_funds(fund_code)
    codes = [] if fund_code else [fund.code for fund in funds]
    width = len(codes) + 4

    def row(account: Account | None, label: str, begins: tuple[str, ...], sum_: Sum) -> BookRow:
        cells: list[Cell] = [
            None if account is None else CellText(account.code),
            CellText(label, link=days.figure(begins, sum_).link if account else None),
        ]
        cells += [days.figure(begins, sum_, code) for code in codes]
        cells += [days.figure(begins, sum_), last.figure(begins, sum_)]
        return BookRow(tuple(cells), LineKind.LINE if account else LineKind.TOTAL)

    rows: list[BookRow] = []
    for digit, title, total in (
        ("4", _("Income"), _("Total income")),
        ("5", _("Expenses"), _("Total expenses")),
    ):
        sum_ = Sum.CREDIT if digit == "4" else Sum.DEBIT
        rows.append(heading(title, width))
        rows.extend(
            row(account, localized(account), (account.code,), sum_)
            for account in accounts_in(days, last, begins=digit)
        )
        rows.append(row(None, total, (digit,), sum_))
    rows.append(row(None, _("Change in net assets"), ("4", "5"), Sum.CREDIT))
    return BookStatement(
        name=f"activities-{from_on}-{to_on}",
        title=_("Statement of activities"),
        when=from_to(from_on, to_on),
        whose=whose(fund_code),
        columns=(
            StatementColumn("code", _("Code"), ColumnKind.CODE),
            StatementColumn("name", _("Account")),
            *([] if fund_code else of_funds(funds)),
            baht("total", _("Total")),
            baht("last_year", _("A year earlier")),
        ),
        rows=tuple(rows),
        notes=(
            _("Amounts in baht."),
            _("A year earlier: %(days)s.", days=from_to(last.from_on, last.to_on)),
            *fund_names([] if fund_code else funds),
        ),
        chart=_by_month(days),
    )


def _by_month(days: Days) -> BarChart | None:
    """Income and expenses of each whole month that the days touch."""
    months = _months(days.from_on, days.to_on)
    if not months:
        return None
    moved = monthly_movements(months[0], months[-1])
    sums = {
        digit: [
            sum_.of(
                sum(
                    (
                        value
                        for (on, fund, code), value in moved.items()
                        if on == month and code.startswith(digit) and days.fund_code in (None, fund)
                    ),
                    Movement(),
                )
            )
            for month in months
        ]
        for digit, sum_ in (("4", Sum.CREDIT), ("5", Sum.DEBIT))
    }
    if not any(map(any, sums.values())):
        return None
    return BarChart(
        title=_("Income and expenses of each month, whole months"),
        labels=[month_short(month) for month in months],
        series=[Series(_("Income"), sums["4"]), Series(_("Expenses"), sums["5"], "b")],
        label_heading=_("Month"),
    )


def _months(from_on: date, to_on: date) -> list[date]:
    """The first days of the months from one day to another; none where there are too many."""
    count = (to_on.year - from_on.year) * 12 + to_on.month - from_on.month + 1
    if count > _MOST_MONTHS:
        return []
    first = month_start(from_on)
    steps = (first.month - 1 + number for number in range(count))
    return [date(first.year + step // 12, step % 12 + 1, 1) for step in steps]
