"""Taking back a whole import of which nothing is matched."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.banking.errors import (
    ImportInUseError,
    ImportNeededError,
    ImportUndoneError,
)
from fundapp.banking.models import Statement
from fundapp.banking.policy import may_import_statements
from fundapp.banking.statement_files.days import DayState
from fundapp.banking.statement_files.locking import lock_account, lock_matched
from fundapp.banking.statement_files.queries import DayChange, get_statement, load_days, load_views
from fundapp.banking.statement_files.queries.coverage import load_coverage
from fundapp.banking.statement_files.queries.stored_days import StoredDay
from fundapp.banking.statement_files.steps import write_changes
from fundapp.db import db, lock
from fundapp.trail.operations import record_event


def undo_import(public_id: str, *, actor: Actor) -> Statement:
    """Take back an import: the file is kept as undone, and its days are as other files state them.

    Lines that no other file states count no longer; the same file may be imported again. Raises
    ForbiddenError, NotFoundError, ImportUndoneError, ImportInUseError while a line that would count
    no longer is matched, and ImportNeededError while a newer import builds on this one.
    """
    require(may_import_statements(actor))
    account_code = get_statement(public_id).bank_account_code
    lock_account(account_code)
    by_id = select(Statement).where(Statement.public_id == public_id)
    statement = lock(by_id.options(lazyload(Statement.bank_account)))
    if statement is None or statement.undone_at is not None:
        raise ImportUndoneError
    days = load_days(account_code, statement.from_on, statement.to_on)
    others = _list_others(statement)
    changes = _changes(days, others)
    _require_untorn(days, changes, others)
    withdrawn = _withdrawn(changes)
    if lock_matched(withdrawn):
        raise ImportInUseError
    statement.undone_by, statement.undone_at = actor.ref, clock.now()
    db.session.flush()
    write_changes(changes)
    record_event(
        "banking:statement:undo",
        actor=actor,
        subject_type="statement",
        subject_ref=statement.public_id,
        note=f"{len(withdrawn)} lines count no longer",
    )
    db.session.flush()
    return statement


def _list_others(statement: Statement) -> list[Statement]:
    """The files of the same days that count, in the order of import."""
    coverage = load_coverage(statement.bank_account_code, statement.from_on, statement.to_on)
    return [each for each in coverage.statements if each.id != statement.id]


def _changes(days: Mapping[date, StoredDay], others: Sequence[Statement]) -> list[DayChange]:
    """What becomes of the days when the other files are taken one by one."""
    views = load_views(others, list(days))
    changes = []
    for day, lines in days.items():
        after = DayState()
        for view in views[day]:
            after.take(view)
        # Only the lines that count so far are compared, not what the files know of the day.
        changes.append(DayChange(day, lines.state(False, None), after, {}, {}, lines.erased_ids))
    return changes


def _withdrawn(changes: Iterable[DayChange]) -> list[int]:
    return [
        line
        for change in changes
        for line in change.before.balances
        if line not in change.after.balances
    ]


def _require_untorn(
    days: Mapping[date, StoredDay], changes: Iterable[DayChange], others: Sequence[Statement]
) -> None:
    """ImportNeededError when a newer file that states what is taken back would not follow."""
    amounts = {line.id: line.amount_satang for day in days.values() for line in day.lines}
    moved = [(change.day, list(change.after.balances.items())) for change in changes]
    for (day, lines), (next_day, next_lines) in pairwise(each for each in moved if each[1]):
        both = [each for each in others if each.from_on <= day and next_day <= each.to_on]
        line, balance = next_lines[0]
        if both and lines[-1][1] != balance - amounts[line]:
            either = [each for each in others if each.from_on <= next_day and day <= each.to_on]
            raise ImportNeededError(params={"file": either[-1].file_name})
