"""The journal, and the general ledger of one account or several, a page at a time."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import gettext as _

from fundapp.audit.statements.description import (
    BookFigure,
    BookRow,
    BookStatement,
    Cell,
    CellText,
    ColumnKind,
    ColumnPlace,
    LineKind,
    LinkedPage,
    StatementColumn,
)
from fundapp.audit.statements.figures import baht, from_to, whose
from fundapp.ledger import queries as ledger
from fundapp.ledger.models import Account, EntryKind, Fund, Posting
from fundapp.ledger.queries import AccountLine, JournalRow, LedgerSpan, PageKey, Sum
from fundapp.web.filters import memo_text
from fundapp.web.locale import localized


class _Names:
    """The names of accounts and funds, read once."""

    def __init__(self) -> None:
        self.accounts: Mapping[str, Account] = {a.code: a for a in ledger.list_accounts()}
        self.funds: Mapping[str, Fund] = {fund.code: fund for fund in ledger.list_funds()}

    def account(self, code: str, fund_code: str | None = None) -> CellText:
        """An account, which opens its general ledger."""
        name = localized(self.accounts[code]) if code in self.accounts else ""
        link = LinkedPage("audit.account", {"code": code, "fund": fund_code})
        return CellText(code, name=name, link=link)

    def fund(self, code: str) -> CellText:
        """A fund."""
        return CellText(code, name=localized(self.funds[code]) if code in self.funds else "")


def _first_columns() -> tuple[StatementColumn, ...]:
    return (
        StatementColumn("day", _("Day"), ColumnKind.DAY, once=True),
        StatementColumn("entry", _("Entry"), ColumnKind.CODE, once=True),
        StatementColumn("what_for", _("What for"), place=ColumnPlace.READ, once=True),
        StatementColumn("kind", _("Kind"), place=ColumnPlace.FILES),
        StatementColumn("memo", _("Memo"), place=ColumnPlace.FILES),
        StatementColumn("fund", _("Fund"), ColumnKind.FUND),
    )


def _first_cells(
    day: date, number: str, kind: EntryKind, memo: str, fund: CellText
) -> tuple[Cell, ...]:
    return (
        day,
        CellText(number, link=LinkedPage("audit.entry", {"number": number})),
        CellText(_(kind.label), note=memo_text(memo) if memo else ""),
        CellText(str(kind)),
        CellText(memo),
        fund,
    )


def journal(
    rows: Sequence[JournalRow],
    days: tuple[date, date],
    fund_code: str | None,
    next_key: PageKey | None,
) -> BookStatement:
    """Entries with their postings, one posting a row."""
    names = _Names()
    return BookStatement(
        name="journal",
        title=_("Journal"),
        when=from_to(*days),
        whose=whose(fund_code),
        columns=(
            *_first_columns(),
            StatementColumn("debit_account", _("Debit account"), ColumnKind.ACCOUNT),
            StatementColumn("credit_account", _("Credit account"), ColumnKind.ACCOUNT),
            baht("amount", _("Amount (baht)")),
            StatementColumn("source_type", _("Source"), place=ColumnPlace.FILES),
            StatementColumn("source_ref", _("Number of the source"), place=ColumnPlace.FILES),
        ),
        rows=tuple(
            _posting(row, posting, names, goes_on=number > 0)
            for row in rows
            for number, posting in enumerate(row.postings)
        ),
        next_key=str(next_key) if next_key else None,
    )


def _posting(row: JournalRow, posting: Posting, names: _Names, *, goes_on: bool) -> BookRow:
    entry = row.entry
    fund = names.fund(posting.fund_code)
    return BookRow(
        (
            *_first_cells(entry.entry_on, row.number, entry.kind, entry.memo, fund),
            names.account(posting.debit_account_code),
            names.account(posting.credit_account_code),
            BookFigure(posting.amount_satang),
            CellText(entry.source_type),
            CellText(entry.source_ref),
        ),
        goes_on=goes_on,
    )


def general_ledger(span: LedgerSpan, after: PageKey | None, limit: int) -> BookStatement:
    """The lines of accounts with what they add up to after each; the sum of all lines above them,
    from the balances.
    """
    page = ledger.ledger_page(span, after=after, limit=limit)
    names, is_single = _Names(), len(span.codes) == 1
    is_one_side = span.sum in (Sum.DEBITS, Sum.CREDITS)
    own = [] if is_single else [StatementColumn("account", _("Account"), ColumnKind.ACCOUNT)]
    last = _("Sum so far (baht)") if is_one_side else _("Balance (baht)")
    columns = (
        *_first_columns(),
        *own,
        StatementColumn("other_account", _("Other account"), ColumnKind.ACCOUNT),
        baht("debit", _("Debit (baht)"), blank_zero=True),
        baht("credit", _("Credit (baht)"), blank_zero=True),
        baht("balance", last),
    )
    opening = BookFigure(page.opening_satang)
    first = _row_of_words(_("Brought forward"), columns, (None, None, opening), LineKind.LINE)
    totals = (
        BookFigure(sum(line.debit_satang for line in page.lines)),
        BookFigure(sum(line.credit_satang for line in page.lines)),
        BookFigure(page.closing_satang),
    )
    end = _("Carried forward") if page.next_key else _("Balance at the end")
    return BookStatement(
        name=f"account-{span.codes[0]}" if is_single else "general-ledger",
        title=localized(names.accounts[span.codes[0]]) if is_single else _("General ledger"),
        when=from_to(span.from_on, span.to_on),
        whose=whose(span.fund_code),
        columns=columns,
        rows=(
            first,
            *(_line(line, names, is_single=is_single) for line in page.lines),
            _row_of_words(end, columns, totals, LineKind.TOTAL),
        ),
        summary=((_("Sum of all entries of these days"), BookFigure(page.total_satang)),),
        next_key=str(page.next_key) if page.next_key else None,
    )


def _line(line: AccountLine, names: _Names, *, is_single: bool) -> BookRow:
    fund = names.fund(line.fund_code)
    own = () if is_single else (names.account(line.account_code, line.fund_code),)
    return BookRow(
        (
            *_first_cells(line.key.entry_on, line.number, line.kind, line.memo, fund),
            *own,
            names.account(line.other_account_code),
            BookFigure(line.debit_satang),
            BookFigure(line.credit_satang),
            BookFigure(line.balance_satang),
        )
    )


def _row_of_words(
    text: str, columns: Sequence[StatementColumn], figures: tuple[Cell, ...], kind: LineKind
) -> BookRow:
    """A row that says something in the columns of what an entry is for, and has figures."""
    said = {"what_for": CellText(text), "memo": CellText(text)}
    words = (said.get(column.key) for column in columns[: -len(figures)])
    return BookRow((*words, *figures), kind)
