"""Notes to the financial statements, from the books, in the form of Thai public-sector accounting:
who the fund is, how its books are kept, and what the figures of the statements are made of.
"""

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _

from fundapp.audit.statements.description import (
    BookFigure,
    BookRow,
    BookStatement,
    CellText,
    LineKind,
    StatementColumn,
    heading,
    paragraph,
)
from fundapp.audit.statements.figures import (
    Days,
    accounts_in,
    after,
    at_end,
    baht,
    day_before,
    fiscal_year_start,
    shown_funds,
    until,
    whose,
    year_before,
)
from fundapp.ledger.chart import is_bank_account, is_cash_box
from fundapp.ledger.models import Restriction
from fundapp.ledger.queries import Sum
from fundapp.thai.calendar import fiscal_year_be
from fundapp.web.filters import day_short
from fundapp.web.locale import fund_name, localized

_WIDTH = 3
_NET_ASSETS = ("3", "4", "5")

Spans = tuple[Days, ...]


def notes(day: date, fund_code: str | None) -> BookStatement:
    """The notes at the end of a day, with the figures of a year earlier."""
    then = year_before(day)
    ends = until(day, fund_code), until(then, fund_code)
    begins = (until(day_before(fiscal_year_start(one)), fund_code) for one in (day, then))
    years = tuple(after(before, days) for before, days in zip(begins, ends, strict=True))
    rows = [
        *_about(day),
        heading(_("3. Cash, banks and the card processor"), _WIDTH),
        *_money(ends),
        heading(_("4. Liabilities"), _WIDTH),
        *_accounts(ends, "2", Sum.CREDIT),
        heading(_("5. Net assets/equity by what they may be used for"), _WIDTH),
        *_by_restriction(ends, fund_code),
        heading(_("6. Income of the fiscal year to this day"), _WIDTH),
        *_accounts(years, "4", Sum.CREDIT),
        heading(_("7. Expenses of the fiscal year to this day"), _WIDTH),
        *_accounts(years, "5", Sum.DEBIT),
    ]
    return BookStatement(
        name=f"notes-{day}",
        title=_("Notes to the financial statements"),
        when=at_end(day),
        whose=whose(fund_code),
        columns=(
            StatementColumn("name", _("Particulars")),
            baht("amount", day_short(day)),
            baht("last_year", day_short(then)),
        ),
        rows=tuple(rows),
        notes=(_("Amounts in baht."),),
    )


def _about(day: date) -> list[BookRow]:
    texts = (
        _("%(fund)s collects gifts and spends them on help for children.", fund=fund_name()),
        _(
            "The fiscal year runs from 1 October to 30 September; these notes are of the fiscal "
            "year %(year)s.",
            year=fiscal_year_be(day),
        ),
    )
    policies = (
        _(
            "The books are kept in double entry and baht. A gift is income on the day on which "
            "the money arrived."
        ),
        _(
            "Help is an expense on the day of its approval, and owed until it is paid. "
            "Bank fees and interest are booked as the bank states them."
        ),
        _(
            "Entries are never changed. A mistake is reversed by a new entry, and a closed month "
            "takes none."
        ),
        _(
            "Each fund is kept apart; zakat and other money share no account at a bank. "
            "Gifts in kind are listed outside the books, at declared values."
        ),
    )
    return [
        heading(_("1. About the fund"), _WIDTH),
        *(paragraph(text, _WIDTH) for text in texts),
        heading(_("2. How the books are kept"), _WIDTH),
        *(paragraph(text, _WIDTH) for text in policies),
    ]


def _money(spans: Spans) -> list[BookRow]:
    """Cash boxes, accounts at banks, and other assets, each account and kind."""
    accounts = accounts_in(*spans, begins="1")
    kinds = (
        (_("Cash"), [a for a in accounts if is_cash_box(a.code)]),
        (_("At banks"), [a for a in accounts if is_bank_account(a.code)]),
        (
            _("Others"),
            [a for a in accounts if not (is_cash_box(a.code) or is_bank_account(a.code))],
        ),
    )
    rows = []
    for label, chosen in kinds:
        codes = tuple(account.code for account in chosen)
        for account in chosen:
            text = f"{account.code} {localized(account)}"
            rows.append(_row(text, (days.natural(account.code) for days in spans)))
        if len(codes) > 1:
            figures = (days.figure(codes, Sum.DEBIT) for days in spans)
            rows.append(_row(label, figures, LineKind.TOTAL))
    return [*rows, _total(("1",), Sum.DEBIT, spans)]


def _accounts(spans: Spans, digit: str, sum_: Sum) -> list[BookRow]:
    rows = [
        _row(
            f"{account.code} {localized(account)}",
            (days.figure((account.code,), sum_) for days in spans),
        )
        for account in accounts_in(*spans, begins=digit)
    ]
    return [*rows, _total((digit,), sum_, spans)]


def _by_restriction(spans: Spans, fund_code: str | None) -> list[BookRow]:
    rows = []
    funds = shown_funds(fund_code)
    for restriction in Restriction:
        for fund in funds:
            if fund.restriction is restriction:
                text = f"{_(restriction.label)}: {localized(fund)}"
                figures = (days.figure(_NET_ASSETS, Sum.CREDIT, fund.code) for days in spans)
                rows.append(_row(text, figures))
    return [*rows, _total(_NET_ASSETS, Sum.CREDIT, spans)]


def _total(accounts: tuple[str, ...], sum_: Sum, spans: Spans) -> BookRow:
    figures = (days.figure(accounts, sum_) for days in spans)
    return _row(_("Total"), figures, LineKind.TOTAL)


def _row(text: str, figures: Iterable[BookFigure], kind: LineKind = LineKind.LINE) -> BookRow:
    return BookRow((CellText(text), *figures), kind)
