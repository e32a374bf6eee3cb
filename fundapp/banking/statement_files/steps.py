"""Steps of importing and of undoing: writing what changed of lines."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, insert, update

from fundapp.banking.models import LineStatus, StatedLine, Statement, StatementLine
from fundapp.banking.statement_files.days import DayState
from fundapp.banking.statement_files.locking import lock_matched
from fundapp.banking.statement_files.parsed import StatementError, StatementRejected
from fundapp.banking.statement_files.queries import DayChange, said_of
from fundapp.db import db
from fundapp.ids import new_public_id
from fundapp.markers import N_
from fundapp.money import format_baht

# Statements on the tables, without the mapping of rows to objects: it takes longer than the rest,
# and others wait.
_LINES, _STATED = StatementLine.__table__, StatedLine.__table__

_Row = dict[str, object]
_WITHDRAWN = {"status": LineStatus.WITHDRAWN, "status_reason": ""}
_UNMATCHED = {"status": LineStatus.UNMATCHED, "status_reason": ""}

_MATCHED = N_(
    "The movement of %(amount)s baht on %(day_on)s is matched, and this file does not have it."
)
_UNMATCH = N_("If the bank took it back, undo its match first; then import this file again.")


def require_free(line_ids: Sequence[int]) -> None:
    """Lock lines that are to count no longer; StatementRejected when one of them is matched."""
    matched = lock_matched(line_ids)
    if matched:
        line = db.session.get_one(StatementLine, matched[0])
        params = {"amount": format_baht(line.moved_satang), "day_on": line.booked_on}
        raise StatementRejected([StatementError(None, None, _MATCHED, _UNMATCH, "matched", params)])


def insert_lines(statement: Statement, changes: Iterable[DayChange]) -> None:
    """Store the lines that no file has stated before."""
    rows = []
    for change in changes:
        places = _places(change.after)
        for line_id, ordinal in change.ordinals.items():
            line = change.stated[line_id]
            rows.append(
                {
                    "id": line_id,
                    "public_id": new_public_id(),
                    "statement_id": statement.id,
                    "bank_account_code": statement.bank_account_code,
                    "row_number": line.row_number,
                    "booked_on": change.day,
                    "withdrawal_satang": line.withdrawal_satang,
                    "deposit_satang": line.deposit_satang,
                    "ordinal": ordinal,
                    "day_position": places[line_id],
                    "balance_satang": line.balance_satang,
                    "status": LineStatus.UNMATCHED,
                    "status_reason": "",
                    **change.after.words[line_id]._asdict(),
                }
            )
    if rows:
        db.session.execute(insert(_LINES), rows)  # type: ignore[arg-type]


def insert_stated(statement: Statement, changes: Iterable[DayChange]) -> None:
    """Keep what the file says of each line, in the bank's order."""
    rows = [
        {"statement_id": statement.id, "line_id": line_id, "row_number": line.row_number}
        | {"balance_satang": line.balance_satang, **said_of(line).words._asdict()}
        for change in changes
        for line_id, line in change.stated.items()
    ]
    for position, row in enumerate(rows, 1):
        row["position"] = position
    if rows:
        db.session.execute(insert(_STATED), rows)  # type: ignore[arg-type]


def write_changes(changes: Iterable[DayChange]) -> None:
    """Write what is otherwise now of lines that were stored before."""
    told: list[_Row] = []
    withdrawn: list[_Row] = []
    back: list[_Row] = []
    for change in changes:
        before, after = change.before.balances.keys(), change.after.balances.keys()
        withdrawn += [{"line": line_id, **_WITHDRAWN} for line_id in before - after]
        back += [
            {"line": line_id, **_UNMATCHED}
            for line_id in after - before
            if line_id not in change.ordinals
        ]
        old, new = _values(change.before), _values(change.after)
        told += [
            {"line": line_id, **values}
            for line_id, values in new.items()
            if line_id not in change.ordinals and values != old.get(line_id)
        ]
    for rows in (told, withdrawn, back):
        _update(rows)
    db.session.expire_all()


def _values(state: DayState) -> dict[int, dict[str, object]]:
    """The columns of each line that counts."""
    places = _places(state)
    return {
        line_id: {
            "day_position": places[line_id],
            "balance_satang": balance,
            "statement_id": state.rows[line_id][0],
            "row_number": state.rows[line_id][1],
            **state.words[line_id]._asdict(),
        }
        for line_id, balance in state.balances.items()
    }


def _places(state: DayState) -> dict[int, int]:
    return {line_id: place for place, line_id in enumerate(state.balances, 1)}


def _update(rows: Sequence[_Row]) -> None:
    """Set the columns that each row names, the same in all rows, in the line that it names."""
    if rows:
        change = update(_LINES).where(_LINES.c.id == bindparam("line"))  # type: ignore[arg-type]
        db.session.execute(change, rows)
