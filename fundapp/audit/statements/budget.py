"""Budget against actual: what a fund may spend in a fiscal year, and what it was charged with."""

from flask_babel import gettext as _

from fundapp.audit.statements.description import (
    Behind,
    BookFigure,
    BookRow,
    BookStatement,
    Cell,
    CellText,
    ColumnKind,
    LineKind,
    LinkedPage,
    StatementColumn,
)
from fundapp.audit.statements.figures import baht, from_to, whose
from fundapp.budgets.queries import BudgetRow, ChargePart, FundBudget, list_budgets
from fundapp.ledger.queries import Sum
from fundapp.thai.calendar import fiscal_year_bounds
from fundapp.web.locale import localized


def budget_against_actual(fiscal_year: int, fund_code: str | None) -> BookStatement:
    """Each fund and kind of expense: budget, charged, of that paid and waiting, and what is left.

    What is left is computed and opens nothing; a budget opens the page where it was decided.
    """
    budgets = list_budgets(fiscal_year, fund_code)
    rows: list[BookRow] = []
    for of_fund in budgets:
        rows += [_line(of_fund, row, fiscal_year) for row in of_fund.rows]
        if of_fund.rows:
            rows.append(_total(of_fund, fiscal_year))
    return BookStatement(
        name=f"budget-{fiscal_year}",
        title=_("Budget against actual"),
        when=from_to(*fiscal_year_bounds(fiscal_year)),
        whose=whose(fund_code),
        columns=(
            StatementColumn("fund", _("Fund"), ColumnKind.FUND),
            StatementColumn("code", _("Code"), ColumnKind.CODE),
            StatementColumn("name", _("Account")),
            baht("budget", _("Budget")),
            baht("charged", _("Charged")),
            baht("spent", _("Of that paid")),
            baht("committed", _("Of that waiting to be paid")),
            baht("left", _("Left")),
        ),
        rows=tuple(rows),
        notes=(
            _("Amounts in baht. Help is charged on the day of its approval."),
            _("Left is the budget less what was charged; below zero where more was charged."),
        ),
    )


def _line(of_fund: FundBudget, row: BudgetRow, year: int) -> BookRow:
    fund, account, spending = of_fund.fund, row.account, row.spending
    days = fiscal_year_bounds(year)

    def part(kind: ChargePart, satang: int) -> BookFigure:
        values = {
            "code": fund.code,
            "account": account.code,
            "from_on": days[0].isoformat(),
            "to_on": days[1].isoformat(),
            "part": str(kind),
        }
        return BookFigure(satang, LinkedPage("budgets.charges", values))

    charged = Behind((account.code,), Sum.DEBIT, fund.code, *days, with_year_ends=False)
    return BookRow(
        (
            CellText(fund.code, name=localized(fund)),
            CellText(account.code),
            CellText(localized(account)),
            _decided(row.budget_satang, fund.code, year),
            BookFigure(spending.charged_satang, charged),
            part(ChargePart.SPENT, spending.spent_satang),
            part(ChargePart.COMMITTED, spending.committed_satang),
            BookFigure(row.left_satang),
        )
    )


def _total(of_fund: FundBudget, year: int) -> BookRow:
    codes = tuple(row.account.code for row in of_fund.rows)
    days = fiscal_year_bounds(year)
    charged = Behind(codes, Sum.DEBIT, of_fund.fund.code, *days, with_year_ends=False)
    cells: tuple[Cell, ...] = (
        CellText(of_fund.fund.code, name=localized(of_fund.fund)),
        None,
        CellText(_("Total")),
        _decided(of_fund.budget_satang, of_fund.fund.code, year),
        BookFigure(of_fund.spent_satang + of_fund.committed_satang, charged),
        BookFigure(of_fund.spent_satang),
        BookFigure(of_fund.committed_satang),
        BookFigure(of_fund.left_satang),
    )
    return BookRow(cells, LineKind.TOTAL)


def _decided(satang: int, fund_code: str, year: int) -> BookFigure:
    return BookFigure(satang, LinkedPage("budgets.index", {"year": year, "fund": fund_code}))
