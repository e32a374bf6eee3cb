"""The files of a pack. A further report is one line in `PARTS`: the name of its file and what
gives its lines. Children stand in them by their codes, payees and donors not at all.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from fundapp import clock
from fundapp.audit.packs import registers
from fundapp.audit.queries import find_run, list_results
from fundapp.audit.statements.files import pdf, table_of
from fundapp.audit.statements.registry import KINDS, StatementKind
from fundapp.banking.reconciliation.days import list_account_days
from fundapp.banking.reconciliation.exports import ACCOUNT_DAYS_HEADER, account_day_cells
from fundapp.csv_safety import Cell, baht_cell, csv_lines
from fundapp.db import db
from fundapp.ledger import queries as ledger
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.log.queries import prove_consistency
from fundapp.ledger.models import JournalEntry, LogCheckpoint, LogLeaf
from fundapp.ledger.queries import PageKey, journal_page
from fundapp.thai.calendar import fiscal_year_be

_AT_ONCE = 1000
#: The languages of the statements on paper; the first is that of their figures as CSV.
_LOCALES = ("th", "en")
Rows = Iterable[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class PackDays:
    """The period of a pack, both days inside."""

    from_on: date
    to_on: date
    #: A statement is of all funds.
    fund_code: None = None

    @property
    def first_day(self) -> date:
        """The first day of a statement of some days."""
        return self.from_on

    @property
    def last_day(self) -> date:
        """Their last day."""
        return self.to_on

    @property
    def day(self) -> date:
        """The day of a statement of one."""
        return self.to_on

    @property
    def fiscal_year(self) -> int:
        """The year of a statement of one, in the Buddhist Era."""
        return fiscal_year_be(self.to_on)


@dataclass(frozen=True, slots=True)
class PackPart:
    """A file of the pack: ``path`` in the archive, and what gives it piece by piece."""

    path: str
    pieces: Callable[[PackDays], Iterator[str] | Iterator[bytes]]


def _csv(
    path: str, header: Sequence[str], rows: Callable[[PackDays], Rows], *, mark: str = "\ufeff"
) -> PackPart:
    def lines(days: PackDays) -> Iterator[str]:
        yield mark
        yield from csv_lines(header, rows(days))

    return PackPart(path, lines)


def _statement(kind: StatementKind, locale: str) -> PackPart:
    def paper(days: PackDays) -> Iterator[bytes]:
        with force_locale(locale):
            yield pdf(kind.make(days), "")

    return PackPart(f"statements/{kind.address}-{locale}.pdf", paper)


def _statement_lines(kind: StatementKind) -> PackPart:
    def lines(days: PackDays) -> Iterator[str]:
        with force_locale(_LOCALES[0]):
            yield "\ufeff"
            yield from csv_lines(*table_of(kind.make(days)))

    return PackPart(f"statements/{kind.address}.csv", lines)


def _journal(days: PackDays) -> Rows:
    after: PageKey | None = None
    while True:
        page = journal_page(
            from_on=days.from_on, to_on=days.to_on, after=after, newest_first=False, limit=_AT_ONCE
        )
        for row in page:
            entry = row.entry
            for posting in row.postings:
                yield (
                    row.number,
                    entry.entry_on.isoformat(),
                    clock.iso(entry.posted_at),
                    str(entry.kind),
                    posting.position,
                    posting.fund_code,
                    posting.debit_account_code,
                    posting.credit_account_code,
                    baht_cell(posting.amount_satang),
                    entry.memo,
                    entry.source_type,
                    entry.source_ref,
                    entry.maker,
                    entry.checker,
                    entry_number(entry.reverses_entry_id) if entry.reverses_entry_id else "",
                    entry.leaf_hash.hex(),
                )
        if len(page) < _AT_ONCE:
            return
        after = PageKey(page[-1].entry.entry_on, page[-1].entry.id)


def _corrections(days: PackDays) -> Rows:
    for later, original in ledger.list_corrections(days.from_on, days.to_on):
        yield (
            entry_number(later.id),
            later.entry_on.isoformat(),
            str(later.kind),
            baht_cell(later.total_satang),
            entry_number(original.id),
            original.entry_on.isoformat(),
            later.memo,
        )


def _account_days(days: PackDays) -> Rows:
    return map(account_day_cells, list_account_days(days.from_on, days.to_on))


def _differences(days: PackDays) -> Rows:
    for row in list_account_days(days.from_on, days.to_on):
        for each in row.differences:
            yield (
                row.day.isoformat(),
                str(row.side),
                row.account_code,
                str(each.name),
                each.count,
                baht_cell(each.satang),
            )


def _checks(_days: PackDays) -> Rows:
    run = find_run(None)
    for row in list_results(run.id) if run else []:
        when = clock.iso(run.ended_at) if run else ""
        found = "; ".join(f"{ref}: {problem}" for ref, problem, _values in row.violations)
        yield when, row.name, str(row.state), row.violation_count, found


def _checkpoints(_days: PackDays) -> Iterator[str]:
    order = LogCheckpoint.number, LogCheckpoint.size
    for row in db.session.scalars(select(LogCheckpoint).order_by(*order)):
        yield f"{row.note}\n{row.vkey}\n\n"


def _consistency(days: PackDays) -> Iterator[str]:
    """That the log as it was signed last before the period is the beginning of the newest one."""
    begin, _end = clock.day_bounds(days.from_on, days.to_on)
    signed = list(
        db.session.scalars(select(LogCheckpoint).order_by(LogCheckpoint.number, LogCheckpoint.size))
    )
    before = [row for row in signed if row.signed_at < begin and row.size] or signed[:1]
    document: dict[str, Any] = {"old": None, "new": None, "path": []}
    if signed and before and 0 < before[-1].size <= signed[-1].size:
        old, new = before[-1], signed[-1]
        path = prove_consistency(old.size, new.size)
        document = {
            "old": {"size": old.size, "root": old.root.hex()},
            "new": {"size": new.size, "root": new.root.hex()},
            "path": [each.hex() for each in path],
        }
    yield json.dumps(document, indent=1) + "\n"


def _leaves(days: PackDays) -> Rows:
    statement = (
        select(JournalEntry.id, LogLeaf.leaf_index, JournalEntry.leaf_hash)
        .outerjoin(LogLeaf, LogLeaf.entry_id == JournalEntry.id)
        .where(JournalEntry.entry_on.between(days.from_on, days.to_on))
        .order_by(JournalEntry.entry_on, JournalEntry.id)
    )
    for entry_id, index, leaf in db.session.execute(statement):
        yield entry_number(entry_id), index, leaf.hex()


def _reopened(days: PackDays) -> Rows:
    for row in ledger.list_reopenings(days.from_on, days.to_on):
        yield (
            row.starts_on.isoformat(),
            clock.iso(row.closed_at),
            row.closed_by,
            clock.iso(row.reopened_at),
            str(row.reason),
            row.proposal.proposer.name,
            row.proposal.decider.name,
        )


def _register(sql: str) -> Callable[[PackDays], Rows]:
    return lambda days: registers.rows_of(sql, days.from_on, days.to_on)


_JOURNAL = (
    "entry", "day", "posted_at", "kind", "position", "fund", "debit_account", "credit_account",
    "amount_baht", "memo", "source_type", "source", "maker", "checker", "reverses", "leaf_sha256",
)  # fmt: skip
_CORRECTIONS = ("entry", "day", "kind", "amount_baht", "corrects", "its_day", "reason")
_REOPENED = (
    "month", "closed_at", "closed_by", "reopened_at", "reason", "proposed_by", "confirmed_by",
)  # fmt: skip

#: In the order of the index.
PARTS: tuple[PackPart, ...] = (
    _csv("periods/reopened.csv", _REOPENED, _reopened),
    *(_statement_lines(kind) for kind in KINDS),
    *(_statement(kind, locale) for kind in KINDS for locale in _LOCALES),
    _csv("journal/entries.csv", _JOURNAL, _journal),
    _csv("journal/corrected-later.csv", _CORRECTIONS, _corrections),
    *(_csv(path, header, _register(sql)) for path, header, sql in registers.REGISTERS),
    _csv("reconciliation/days.csv", ACCOUNT_DAYS_HEADER, _account_days),
    _csv(
        "reconciliation/differences.csv",
        ("day", "side", "account", "name", "count", "amount_baht"),
        _differences,
    ),
    _csv("checks/newest-run.csv", ("ended_at", "check", "state", "rows", "found"), _checks),
    PackPart("log/checkpoints.txt", _checkpoints),
    PackPart("log/consistency.json", _consistency),
    _csv("log/entries.csv", ("entry", "leaf_index", "leaf_sha256"), _leaves),
)
