"""The whole journal as a file, streamed in the order of entry ids.

* ``jsonl``: the canonical bytes of each entry and a line feed, which the leaf hashes cover.
* ``csv``: one row for each posting.
* ``hledger``: account names are ``Assets:1121 Bank, main account``; the fund is a tag of each
  posting, so ``hledger bal`` totals like the trial balance and ``hledger bal tag:fund=…`` shows one
  fund.
* ``beancount``: account names are ASCII, ``Assets:A1121:<fund>``, opened on the first day of the
  books.

hledger and beancount also get the balance of each account at the end of each month, as the stored
balances have it: their own programs refuse the file when its entries add up to anything else. At
the end they get, as comments, what packages above say of the books (`add_remarks`).

Texts that people wrote are put only where a format does not interpret them: never in an hledger
comment, where ``date:`` would be a tag. Amounts are baht with two decimals, computed from satang as
integers.
"""

import calendar
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from flask import Flask, current_app
from sqlalchemy import func, select

from fundapp.clock import iso
from fundapp.csv_safety import Cell, csv_lines
from fundapp.db import db
from fundapp.ledger.canonical import clean_text
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import Account, AccountType, JournalEntry, Posting
from fundapp.ledger.queries import (
    JournalRow,
    as_stored,
    iter_batches,
    iter_entries,
    list_accounts,
    list_balance_keys,
    monthly_movements,
)

ROOTS = {
    AccountType.ASSET: "Assets",
    AccountType.LIABILITY: "Liabilities",
    AccountType.NET_ASSETS: "Equity",
    AccountType.INCOME: "Income",
    AccountType.EXPENSE: "Expenses",
}
#: hledger's letters for the types of accounts.
_HLEDGER_TYPES = {
    AccountType.ASSET: "A",
    AccountType.LIABILITY: "L",
    AccountType.NET_ASSETS: "E",
    AccountType.INCOME: "R",
    AccountType.EXPENSE: "X",
}
#: How many wordings of memos are kept as they are written: most books have few.
_LONG_MEMORY = 10_000
CSV_HEADER = (
    "entry",
    "entry_on",
    "posted_at",
    "kind",
    "position",
    "fund",
    "debit_account",
    "credit_account",
    "amount_satang",
    "memo",
    "source_type",
    "source_ref",
    "maker",
    "checker",
    "receipt",
    "reverses",
    "leaf_sha256",
)
_HLEDGER_HEAD = """\
; Journal of the fund. One commodity, THB. Each posting names its fund in the tag "fund".
; Plain ASCII, since hledger stops at anything else under LC_ALL=C: Thai letters of a memo stand as
; \\uXXXX here, and as themselves in the beancount, csv and jsonl exports.
decimal-mark .
commodity 1000.00 THB
"""
#: What stands before the balances.
HLEDGER_BALANCES = "\n; What each account has at the end of each month, from the stored balances.\n"
_REMARKS = "remarks_of_exports"
_BEANCOUNT_HEAD = """\
option "title" "Journal of the fund"
option "operating_currency" "THB"
"""


def add_remarks(app: Flask, sentences: Callable[[], Iterable[str]]) -> None:
    """Let a package above add sentences to the journals for other programs."""
    app.extensions.setdefault(_REMARKS, []).append(sentences)


def export_lines(format_name: str) -> Iterator[str]:
    """The journal in one of `FORMATS`, in pieces of text, as the books are when it begins."""
    db.session.rollback()
    yield from FORMATS[format_name]()


def baht(satang: int) -> str:
    """An amount in baht as the formats read it: ``1234.50``, ``-0.05``."""
    whole, rest = divmod(abs(satang), 100)
    return f"{'-' if satang < 0 else ''}{whole}.{rest:02d}"


def jsonl() -> Iterator[str]:
    """Canonical bytes, one entry a line."""
    for rows, _ in iter_batches((JournalEntry.id, JournalEntry.canonical)):
        yield b"\n".join([*(canonical for _, canonical in rows), b""]).decode("utf-8")


def csv() -> Iterator[str]:
    """One row for each posting."""
    return csv_lines(
        CSV_HEADER, (_cells(row.entry, p) for row in iter_entries() for p in row.postings)
    )


def hledger() -> Iterator[str]:
    """A journal for hledger 1.2x and newer."""
    names = {account.code: hledger_account(account) for account in list_accounts()}
    yield _HLEDGER_HEAD
    for account in list_accounts():
        yield f"account {hledger_account(account)}  ; type:{_HLEDGER_TYPES[account.type]}\n"
    write = _HledgerEntries(names)
    for rows, postings in iter_batches(_HLEDGER_ENTRY, _HLEDGER_POSTING):
        yield "".join(write.entries(rows, postings))
    yield from _hledger_balances(names)
    yield from _remarks()


def beancount() -> Iterator[str]:
    """A ledger for beancount 2 and 3."""
    types = {account.code: account.type for account in list_accounts()}
    first_on = db.session.scalar(select(func.min(JournalEntry.entry_on)))
    yield _BEANCOUNT_HEAD
    for fund_code, code in list_balance_keys():
        yield f"{first_on} open {beancount_account(types[code], code, fund_code)} THB\n"
    for row in iter_entries():
        yield _beancount_entry(row, types)
    yield from _beancount_balances(types)
    yield from _remarks()


def _hledger_balances(names: dict[str, str]) -> Iterator[str]:
    """A transaction of nothing at the end of each month, which states the balances. It comes after
    the entries, so of a day after all of its entries.
    """
    for number, (month_end, balances) in enumerate(_month_ends()):
        if not number:
            yield HLEDGER_BALANCES
        by_account: dict[str, int] = defaultdict(int)
        for (_fund, code), satang in balances.items():
            by_account[code] += satang
        lines = (
            f"    {names[code]}  0 THB = {baht(satang)} THB\n"
            for code, satang in by_account.items()
        )
        yield f"\n{month_end} * Balances at the end of the month\n{''.join(lines)}"


def _beancount_balances(types: dict[str, AccountType]) -> Iterator[str]:
    """The balances on the morning after each month, exact to the satang."""
    for month_end, balances in _month_ends():
        morning = month_end + timedelta(days=1)
        yield "\n"
        for (fund_code, code), satang in balances.items():
            account = beancount_account(types[code], code, fund_code)
            yield f"{morning} balance {account}  {baht(satang)} ~ 0 THB\n"


def _remarks() -> Iterator[str]:
    """Both programs read a line that begins with a semicolon as a comment."""
    for sentences in current_app.extensions.get(_REMARKS, []):
        yield "\n"
        yield from (f"; {_ascii(clean_text(sentence))}\n" for sentence in sentences())


def _month_ends() -> Iterator[tuple[date, dict[tuple[str, str], int]]]:
    """The last day of each month with entries, and what each account then has in each fund: debits
    less credits, by (fund code, account code) in order.
    """
    moved = monthly_movements(date.min, date.max)
    balances: dict[tuple[str, str], int] = defaultdict(int)
    for month in sorted({key[0] for key in moved}):
        for (on, fund, code), movement in moved.items():
            if on == month:
                balances[fund, code] += movement.balance_satang
        last = calendar.monthrange(month.year, month.month)[1]
        yield month.replace(day=last), dict(sorted(balances.items()))


FORMATS: dict[str, Callable[[], Iterator[str]]] = {
    "hledger": hledger,
    "beancount": beancount,
    "csv": csv,
    "jsonl": jsonl,
}


def hledger_account(account: Account) -> str:
    """``Assets:1121 Bank, main account``: ASCII, one level under the root."""
    ascii_name = account.name_en.encode("ascii", "ignore").decode()
    name = re.sub(r"[:;()\[\]\s]+", " ", ascii_name).strip()
    return f"{ROOTS[account.type]}:{account.code} {name}".rstrip()


def beancount_account(account_type: AccountType, code: str, fund_code: str) -> str:
    """``Assets:A1121:GENERAL``; letters that beancount does not accept become their number,
    ``-5F-``.
    """
    return f"{ROOTS[account_type]}:A{_component(code)}:F{_component(fund_code)}"


def _component(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", lambda match: f"-{ord(match[0]):X}-", text)


#: What an entry and a posting are written from, in hledger.
_HLEDGER_ENTRY = (
    JournalEntry.id,
    as_stored(JournalEntry.entry_on),
    as_stored(JournalEntry.kind),
    JournalEntry.memo,
    JournalEntry.leaf_hash,
)
_HLEDGER_POSTING = (
    Posting.entry_id,
    Posting.fund_code,
    Posting.debit_account_code,
    Posting.credit_account_code,
    Posting.amount_satang,
)


class _HledgerEntries:
    """Writes entries for hledger; ``names`` are those of the accounts, by code."""

    def __init__(self, names: dict[str, str]) -> None:
        self._memo = lru_cache(_LONG_MEMORY)(_hledger_memo)
        self._sides = cache(
            lambda fund, debit, credit: (
                f"    {names[debit]}  ",
                f" THB  ; fund:{_tag(fund)}\n    {names[credit]}  ",
                f" THB  ; fund:{_tag(fund)}\n",
            )
        )

    def entries(
        self, rows: Iterable[Sequence[Any]], postings: Iterable[Sequence[Any]]
    ) -> Iterator[str]:
        """The texts of the entries in ``rows`` (`_HLEDGER_ENTRY`, `_HLEDGER_POSTING`)."""
        legs: dict[int, list[str]] = defaultdict(list)
        for entry_id, fund_code, debit, credit, satang in postings:
            first, middle, last = self._sides(fund_code, debit, credit)
            legs[entry_id].append(f"{first}{baht(satang)}{middle}{baht(-satang)}{last}")
        for entry_id, entry_on, kind, memo, leaf_hash in rows:
            number = entry_number(entry_id)
            yield (
                f"\n{entry_on} * ({number}){self._memo(memo)}\n"
                f"    ; entry:{number}, kind:{kind}, leaf-sha256:{leaf_hash.hex()}\n"
                f"{''.join(legs[entry_id])}"
            )


def _hledger_memo(memo: str) -> str:
    """As it follows an entry's number: a semicolon would begin a comment."""
    return f" {_ascii(clean_text(memo).replace(';', ','))}".rstrip()


def _tag(text: str) -> str:
    """A tag's value ends at a comma."""
    return _ascii(clean_text(text).replace(",", "_"))


def _ascii(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode()


def _beancount_entry(row: JournalRow, types: dict[str, AccountType]) -> str:
    entry = row.entry
    lines = [
        f"\n{entry.entry_on} * {_quoted(entry.memo)}",
        f"  entry: {_quoted(row.number)}",
        f"  kind: {_quoted(entry.kind)}",
        f"  leaf_sha256: {_quoted(entry.leaf_hash.hex())}",
    ]
    for code, fund_code, satang in _legs(row.postings):
        account = beancount_account(types[code], code, fund_code)
        lines.append(f"  {account}  {baht(satang)} THB")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = clean_text(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _legs(postings: Iterable[Posting]) -> Iterator[tuple[str, str, int]]:
    """The two sides of each posting: account, fund, satang with debits above zero."""
    for posting in postings:
        yield posting.debit_account_code, posting.fund_code, posting.amount_satang
        yield posting.credit_account_code, posting.fund_code, -posting.amount_satang


def _cells(entry: JournalEntry, posting: Posting) -> list[Cell]:
    reverses = entry.reverses_entry_id
    return [
        entry_number(entry.id),
        entry.entry_on.isoformat(),
        iso(entry.posted_at),
        str(entry.kind),
        posting.position,
        posting.fund_code,
        posting.debit_account_code,
        posting.credit_account_code,
        posting.amount_satang,
        entry.memo,
        entry.source_type,
        entry.source_ref,
        entry.maker,
        entry.checker,
        entry.receipt,
        "" if reverses is None else entry_number(reverses),
        entry.leaf_hash.hex(),
    ]
