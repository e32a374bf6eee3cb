"""The statement of financial position and that of changes in net assets, in the form of Thai
public-sector accounting: what the fund has, what it owes, and what is left, beside a year earlier.
"""

from datetime import date

from flask_babel import gettext as _

from fundapp.audit.statements.description import (
    BookFigure,
    BookRow,
    BookStatement,
    Cell,
    CellText,
    ColumnKind,
    LineKind,
    StatementColumn,
    heading,
)
from fundapp.audit.statements.figures import (
    Days,
    accounts_in,
    after,
    at_end,
    baht,
    day_before,
    fiscal_year_start,
    from_to,
    fund_names,
    of_funds,
    shown_funds,
    until,
    whose,
    year_before,
)
from fundapp.ledger.chart import BETWEEN_FUNDS
from fundapp.ledger.queries import Sum
from fundapp.web.filters import day_short
from fundapp.web.locale import localized

#: The notes that explain a part of the statement, by the first digit of its accounts.
NOTE_OF = {"1": "3", "2": "4", "3": "5"}
_NET_ASSETS = ("3", "4", "5")


def financial_position(day: date, fund_code: str | None) -> BookStatement:
    """Assets, liabilities and net assets at the end of a day, and a year earlier."""
    then = year_before(day)
    now = until(day, fund_code), until(then, fund_code)
    rows = [
        heading(_("Assets"), 5),
        *_lines(now, "1"),
        _total(_("Total assets"), [days.figure(("1",), Sum.DEBIT) for days in now]),
        heading(_("Liabilities"), 5),
        *_lines(now, "2"),
        _total(_("Total liabilities"), [days.figure(("2",), Sum.CREDIT) for days in now]),
        heading(_("Net assets/equity"), 5),
        *_lines(now, "3"),
        *_results(now, fund_code),
        _total(
            _("Total net assets/equity"), [days.figure(_NET_ASSETS, Sum.CREDIT) for days in now]
        ),
        _total(
            _("Total liabilities and net assets/equity"),
            [days.figure(("2", *_NET_ASSETS), Sum.CREDIT) for days in now],
        ),
    ]
    return BookStatement(
        name=f"financial-position-{day}",
        title=_("Statement of financial position"),
        when=at_end(day),
        whose=whose(fund_code),
        columns=(
            StatementColumn("code", _("Code"), ColumnKind.CODE),
            StatementColumn("name", _("Particulars")),
            StatementColumn("note", _("Note")),
            baht("amount", day_short(day)),
            baht("last_year", day_short(then)),
        ),
        rows=tuple(rows),
        notes=(
            _("Amounts in baht. All assets and liabilities are current: due within a year."),
            _("The numbers under Note are those of the notes to the financial statements."),
        ),
    )


def _lines(spans: tuple[Days, Days], digit: str) -> list[BookRow]:
    return [
        BookRow(
            (
                CellText(account.code),
                CellText(localized(account)),
                CellText(NOTE_OF[digit]),
                *(days.natural(account.code) for days in spans),
            )
        )
        for account in accounts_in(*spans, begins=digit)
    ]


def _results(spans: tuple[Days, Days], fund_code: str | None) -> list[BookRow]:
    """Income less expenses that no entry has brought forward: of earlier years, and of this one."""
    earlier, this = [], []
    for days in spans:
        before = until(day_before(fiscal_year_start(days.to_on)), fund_code)
        earlier.append(before.figure(("4", "5"), Sum.CREDIT))
        moved = after(before, days, with_year_ends=True)
        this.append(moved.figure(("4", "5"), Sum.CREDIT))
    labels = (
        _("Income above or below expenses, earlier fiscal years"),
        _("Income above or below expenses, this fiscal year"),
    )
    return [
        BookRow((None, CellText(label), CellText(NOTE_OF["3"]), *figures))
        for label, figures in zip(labels, (earlier, this), strict=True)
    ]


def _total(label: str, figures: list[BookFigure]) -> BookRow:
    return BookRow((None, CellText(label), None, *figures), LineKind.TOTAL)


def changes_in_net_assets(from_on: date, to_on: date, fund_code: str | None) -> BookStatement:
    """Net assets at the beginning, what changed them, and at the end, of each fund."""
    funds = [fund.code for fund in shown_funds(fund_code)]
    years = (from_on, to_on), (year_before(from_on), year_before(to_on))
    opening, last_opening = (until(day_before(first), fund_code) for first, _last in years)
    closing, last_closing = (until(last, fund_code) for _first, last in years)
    moved = after(opening, closing), after(last_opening, last_closing)

    def row(
        label: str, accounts: tuple[str, ...], spans: tuple[Days, Days], kind: LineKind
    ) -> BookRow:
        cells: list[Cell] = [CellText(label)]
        cells += [spans[0].figure(accounts, Sum.CREDIT, code) for code in funds]
        cells += [] if fund_code else [spans[0].figure(accounts, Sum.CREDIT)]
        cells.append(spans[1].figure(accounts, Sum.CREDIT))
        return BookRow(tuple(cells), kind)

    rows = [
        row(
            _("Net assets/equity at the beginning"),
            _NET_ASSETS,
            (opening, last_opening),
            LineKind.LINE,
        ),
        row(_("Income"), ("4",), moved, LineKind.LINE),
        row(_("Expenses"), ("5",), moved, LineKind.LINE),
        row(_("Income above or below expenses"), ("4", "5"), moved, LineKind.TOTAL),
        *(
            row(localized(account), (account.code,), moved, LineKind.LINE)
            for account in accounts_in(*moved, begins="3")
        ),
        row(
            _("Net assets/equity at the end"), _NET_ASSETS, (closing, last_closing), LineKind.TOTAL
        ),
    ]
    shown = shown_funds(fund_code)
    return BookStatement(
        name=f"net-assets-{from_on}-{to_on}",
        title=_("Statement of changes in net assets/equity"),
        when=from_to(from_on, to_on),
        whose=whose(fund_code),
        columns=(
            StatementColumn("name", _("Particulars")),
            *of_funds(shown),
            *([] if fund_code else [baht("total", _("Total"))]),
            baht("last_year", _("A year earlier")),
        ),
        rows=tuple(rows),
        notes=(
            _("Amounts in baht; below zero where net assets fell."),
            _(
                "Account %(code)s holds what funds gave each other: of all funds nothing.",
                code=BETWEEN_FUNDS,
            ),
            *fund_names(shown),
        ),
    )
