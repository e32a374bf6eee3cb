"""Receipts and payments, and the cash book: what went through cash boxes, accounts at banks and the
account at the card processor.

Receipts and payments are read from the other side of each posting: what the accounts that are not
money did in some days is, by double entry, exactly what money did. So each line is a sum of
balances, and is net of what was reversed.
"""

from datetime import date

from flask_babel import gettext as _

from fundapp.audit.statements.description import (
    BookRow,
    BookStatement,
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
    baht,
    day_before,
    from_to,
    until,
    whose,
    year_before,
)
from fundapp.ledger.chart import ASSISTANCE_PAYABLE
from fundapp.ledger.queries import Sum
from fundapp.web.locale import localized

#: Cash boxes, accounts at banks, the account at the card processor.
MONEY = "11"
#: Help: what was approved, and what of it waits to be paid. Together: what was paid.
_HELP = ("51", ASSISTANCE_PAYABLE)


def receipts_and_payments(from_on: date, to_on: date, fund_code: str | None) -> BookStatement:
    """What came in and went out as money, beside a year earlier."""
    years = (from_on, to_on), (year_before(from_on), year_before(to_on))
    first = tuple(until(day_before(begin), fund_code) for begin, _end in years)
    last = tuple(until(end, fund_code) for _begin, end in years)
    spans = tuple(after(*ends) for ends in zip(first, last, strict=True))
    other = [
        account
        for account in accounts_in(*spans)
        if account.code[0] in "123"
        and not account.code.startswith(MONEY)
        and account.code != ASSISTANCE_PAYABLE
    ]
    codes = tuple(account.code for account in other)
    rows = [
        _row(_("Money at the beginning"), (MONEY,), Sum.DEBIT, first, LineKind.TOTAL),
        heading(_("Money received"), 4),
        *_by_account(spans, "4", Sum.CREDIT),
        _row(_("Total receipts"), ("4",), Sum.CREDIT, spans, LineKind.TOTAL),
        heading(_("Money paid"), 4),
        *([_row(_("Help paid"), _HELP, Sum.DEBIT, spans)] if _moved(spans, _HELP) else []),
        *_by_account(spans, "5", Sum.DEBIT, without="51"),
        _row(_("Total payments"), ("5", ASSISTANCE_PAYABLE), Sum.DEBIT, spans, LineKind.TOTAL),
    ]
    if codes:
        rows += [
            heading(_("Money that waits, refunds, opening balances and transfers"), 4),
            *(
                _row(localized(account), (account.code,), Sum.CREDIT, spans, code=account.code)
                for account in other
            ),
            _row(_("Total of these"), codes, Sum.CREDIT, spans, LineKind.TOTAL),
        ]
    rows += [
        _row(_("Receipts less payments"), (MONEY,), Sum.DEBIT, spans, LineKind.TOTAL),
        heading(_("Money at the end"), 4),
        *_by_account(last, MONEY, Sum.DEBIT),
        _row(_("Total money at the end"), (MONEY,), Sum.DEBIT, last, LineKind.TOTAL),
    ]
    return BookStatement(
        name=f"receipts-and-payments-{from_on}-{to_on}",
        title=_("Receipts and payments"),
        when=from_to(from_on, to_on),
        whose=whose(fund_code),
        columns=(
            StatementColumn("code", _("Code"), ColumnKind.CODE),
            StatementColumn("name", _("Particulars")),
            baht("amount", _("Amount (baht)")),
            baht("last_year", _("A year earlier")),
        ),
        rows=tuple(rows),
        notes=(
            _("Amounts are net: what was reversed or taken back is deducted where it was booked."),
            _("Money is cash, accounts at banks and what the card processor holds."),
        ),
    )


def _row(
    label: str,
    accounts: tuple[str, ...],
    sum_: Sum,
    spans: tuple[Days, ...],
    kind: LineKind = LineKind.LINE,
    *,
    code: str = "",
) -> BookRow:
    figures = (days.figure(accounts, sum_) for days in spans)
    return BookRow((CellText(code) if code else None, CellText(label), *figures), kind)


def _by_account(
    spans: tuple[Days, ...], begins: str, sum_: Sum, *, without: str = "-"
) -> list[BookRow]:
    return [
        _row(localized(account), (account.code,), sum_, spans, code=account.code)
        for account in accounts_in(*spans, begins=begins)
        if not account.code.startswith(without)
    ]


def _moved(spans: tuple[Days, ...], accounts: tuple[str, ...]) -> bool:
    return any(days.has(accounts) for days in spans)


def cash_book(from_on: date, to_on: date, fund_code: str | None) -> BookStatement:
    """Of each account that holds money: at the beginning, in, out, at the end; the account opens
    its own book, line by line.
    """
    opening, closing = until(day_before(from_on), fund_code), until(to_on, fund_code)
    days = after(opening, closing)
    parts = (
        (opening, Sum.DEBIT), (days, Sum.DEBITS), (days, Sum.CREDITS), (closing, Sum.DEBIT),
    )  # fmt: skip
    rows = [
        BookRow(
            (
                CellText(account.code),
                CellText(localized(account), link=days.natural(account.code).link),
                *(span.figure((account.code,), sum_) for span, sum_ in parts),
            )
        )
        for account in accounts_in(closing, begins=MONEY)
    ]
    totals = (span.figure((MONEY,), sum_) for span, sum_ in parts)
    return BookStatement(
        name=f"cash-book-{from_on}-{to_on}",
        title=_("Cash book"),
        when=from_to(from_on, to_on),
        whose=whose(fund_code),
        columns=(
            StatementColumn("code", _("Code"), ColumnKind.CODE),
            StatementColumn("name", _("Account")),
            baht("opening", _("At the beginning")),
            baht("in", _("In (baht)")),
            baht("out", _("Out (baht)")),
            baht("closing", _("At the end")),
        ),
        rows=(*rows, BookRow((None, CellText(_("Total")), *totals), LineKind.TOTAL)),
        notes=(_("In and out also hold what was moved from one of these accounts to another."),),
    )
