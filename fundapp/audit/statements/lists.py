"""The journal, and the general ledger of one account or several, a page at a time."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import gettext as _

from fundapp.audit.statements.description import (
    Cell,
    Column,
    ColumnKind,
    Figure,
    Page,
    Place,
    Row,
    RowKind,
    Statement,
    Words,
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

    def account(self, code: str, fund_code: str | None = None) -> Words:
        """An account, which opens its general ledger."""
        name = localized(self.accounts[code]) if code in self.accounts else ""
        link = Page("audit.account", {"code": code, "fund": fund_code})
        return Words(code, name=name, link=link)

    def fund(self, code: str) -> Words:
        """A fund."""
        return Words(code, name=localized(self.funds[code]) if code in self.funds else "")


def _first_columns() -> tuple[Column, ...]:
    return (
        Column("day", _("Day"), ColumnKind.DAY, once=True),
        Column("entry", _("Entry"), ColumnKind.CODE, once=True),
        Column("what_for", _("What for"), place=Place.READ, once=True),
        Column("kind", _("Kind"), place=Place.FILES),
        Column("memo", _("Memo"), place=Place.FILES),
        Column("fund", _("Fund"), ColumnKind.FUND),
    )


def _first_cells(
    day: date, number: str, kind: EntryKind, memo: str, fund: Words
) -> tuple[Cell, ...]:
    return (
        day,
        Words(number, link=Page("audit.entry", {"number": number})),
        Words(_(kind.label), note=memo_text(memo) if memo else ""),
        Words(str(kind)),
        Words(memo),
        fund,
    )


def journal(
    rows: Sequence[JournalRow],
    days: tuple[date, date],
    fund_code: str | None,
    next_key: PageKey | None,
) -> Statement:
    """Entries with their postings, one posting a row."""
    names = _Names()
    return Statement(
        name="journal",
        title=_("Journal"),
        when=from_to(*days),
        whose=whose(fund_code),
        columns=(
            *_first_columns(),
            Column("debit_account", _("Debit account"), ColumnKind.ACCOUNT),
            Column("credit_account", _("Credit account"), ColumnKind.ACCOUNT),
            baht("amount", _("Amount (baht)")),
            Column("source_type", _("Source"), place=Place.FILES),
            Column("source_ref", _("Number of the source"), place=Place.FILES),
        ),
        rows=tuple(
            _posting(row, posting, names, goes_on=number > 0)
            for row in rows
            for number, posting in enumerate(row.postings)
        ),
        next_key=str(next_key) if next_key else None,
    )


def _posting(row: JournalRow, posting: Posting, names: _Names, *, goes_on: bool) -> Row:
    entry = row.entry
    fund = names.fund(posting.fund_code)
    return Row(
        (
            *_first_cells(entry.entry_on, row.number, entry.kind, entry.memo, fund),
            names.account(posting.debit_account_code),
            names.account(posting.credit_account_code),
            Figure(posting.amount_satang),
            Words(entry.source_type),
            Words(entry.source_ref),
        ),
        goes_on=goes_on,
    )


def general_ledger(span: LedgerSpan, after: PageKey | None, limit: int) -> Statement:
    """The lines of accounts with what they add up to after each; the sum of all lines above them,
    from the balances.
    """
    page = ledger.ledger_page(span, after=after, limit=limit)
    names, is_single = _Names(), len(span.codes) == 1
    is_one_side = span.sum in (Sum.DEBITS, Sum.CREDITS)
    own = [] if is_single else [Column("account", _("Account"), ColumnKind.ACCOUNT)]
    last = _("Sum so far (baht)") if is_one_side else _("Balance (baht)")
    columns = (
        *_first_columns(),
        *own,
        Column("other_account", _("Other account"), ColumnKind.ACCOUNT),
        baht("debit", _("Debit (baht)"), blank_zero=True),
        baht("credit", _("Credit (baht)"), blank_zero=True),
        baht("balance", last),
    )
    opening = Figure(page.opening_satang)
    first = _row_of_words(_("Brought forward"), columns, (None, None, opening), RowKind.LINE)
    totals = (
        Figure(sum(line.debit_satang for line in page.lines)),
        Figure(sum(line.credit_satang for line in page.lines)),
        Figure(page.closing_satang),
    )
    end = _("Carried forward") if page.next_key else _("Balance at the end")
    return Statement(
        name=f"account-{span.codes[0]}" if is_single else "general-ledger",
        title=localized(names.accounts[span.codes[0]]) if is_single else _("General ledger"),
        when=from_to(span.from_on, span.to_on),
        whose=whose(span.fund_code),
        columns=columns,
        rows=(
            first,
            *(_line(line, names, is_single=is_single) for line in page.lines),
            _row_of_words(end, columns, totals, RowKind.TOTAL),
        ),
        summary=((_("Sum of all entries of these days"), Figure(page.total_satang)),),
        next_key=str(page.next_key) if page.next_key else None,
    )


def _line(line: AccountLine, names: _Names, *, is_single: bool) -> Row:
    fund = names.fund(line.fund_code)
    own = () if is_single else (names.account(line.account_code, line.fund_code),)
    return Row(
        (
            *_first_cells(line.key.entry_on, line.number, line.kind, line.memo, fund),
            *own,
            names.account(line.other_account_code),
            Figure(line.debit_satang),
            Figure(line.credit_satang),
            Figure(line.balance_satang),
        )
    )


def _row_of_words(
    text: str, columns: Sequence[Column], figures: tuple[Cell, ...], kind: RowKind
) -> Row:
    """A row that says something in the columns of what an entry is for, and has figures."""
    said = {"what_for": Words(text), "memo": Words(text)}
    words = (said.get(column.key) for column in columns[: -len(figures)])
    return Row((*words, *figures), kind)
