"""Steps of importing and of undoing: writing what changed of lines."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, update

from fundapp.banking.encryption import BankWords, digests_of, encrypt_words, lookup_detail
from fundapp.banking.models import LineStatus, StatedLine, Statement, StatementLine
from fundapp.banking.statement_files.days import DayState
from fundapp.banking.statement_files.locking import lock_matched
from fundapp.banking.statement_files.parsed import ParsedLine, StatementError, StatementRejected
from fundapp.banking.statement_files.queries import DayChange, said_of
from fundapp.db import db
from fundapp.ids import new_id, new_public_id
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
    """Store the lines that no file has stated before, and what the file says of each line, in the
    bank's order. Of a line whose words were erased no words are kept.
    """
    new: list[_Row] = []
    stated: list[_Row] = []
    for change in changes:
        places = _places(change.after)
        for line_id, line in change.stated.items():
            words = said_of(line).words
            said = {
                "statement_id": statement.id,
                "row_number": line.row_number,
                "booked_time": words.booked_time,
                "balance_satang": line.balance_satang,
                **digests_of(line_id, words.text),
            }
            kept = None if line_id in change.erased else words.text
            stated.append({**said, **_stated(line_id, kept), "position": len(stated) + 1})
            if line_id in change.ordinals:
                place = {"day_position": places[line_id], "ordinal": change.ordinals[line_id]}
                new.append({**said, **place, **_new_line(statement, line_id, line, words.text)})
    for table, rows in ((_LINES, new), (_STATED, stated)):
        if rows:
            db.session.execute(insert(table), rows)  # type: ignore[arg-type]


def _stated(line_id: int, text: BankWords | None) -> _Row:
    """What only the row of a file has; None for a line whose words were erased."""
    row_id = new_id()
    encrypted = None if text is None else encrypt_words(StatedLine, row_id, text)
    return {"id": row_id, "line_id": line_id, "words_encrypted": encrypted}


def _new_line(statement: Statement, line_id: int, line: ParsedLine, text: BankWords) -> _Row:
    """What only the line has."""
    return {
        "id": line_id,
        "public_id": new_public_id(),
        "bank_account_code": statement.bank_account_code,
        "booked_on": line.booked_on,
        "withdrawal_satang": line.withdrawal_satang,
        "deposit_satang": line.deposit_satang,
        "status": LineStatus.UNMATCHED,
        "status_reason": "",
        **_encrypted(line_id, text),
    }


def write_changes(changes: Iterable[DayChange]) -> None:
    """Write what is otherwise now of lines that were stored before."""
    told: list[_Row] = []
    moved: list[_Row] = []
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
        for line_id, values in new.items():
            if line_id in change.ordinals or values == old.get(line_id):
                continue
            text = values.pop("text")
            if line_id in change.erased or text == old.get(line_id, {}).get("text"):
                moved.append({"line": line_id, **values})
            else:
                hashed = {**_encrypted(line_id, text), **digests_of(line_id, text)}
                told.append({"line": line_id, **values, **hashed})
    for rows in (told, moved, withdrawn, back):
        _update(rows)
    db.session.expire_all()


def _values(state: DayState) -> dict[int, dict[str, Any]]:
    """The columns of each line that counts, its text in clear."""
    places = _places(state)
    return {
        line_id: {
            "day_position": places[line_id],
            "balance_satang": balance,
            "statement_id": state.rows[line_id][0],
            "row_number": state.rows[line_id][1],
            "booked_time": state.words[line_id].booked_time,
            "text": state.words[line_id].text,
        }
        for line_id, balance in state.balances.items()
    }


def _encrypted(line_id: int, text: BankWords) -> _Row:
    """The columns of a line that its text fills, but the digests."""
    return {
        "words_encrypted": encrypt_words(StatementLine, line_id, text),
        "detail_lookup": lookup_detail(text.detail),
    }


def _places(state: DayState) -> dict[int, int]:
    return {line_id: place for place, line_id in enumerate(state.balances, 1)}


def _update(rows: Sequence[_Row]) -> None:
    """Set the columns that each row names, the same in all rows, in the line that it names."""
    if rows:
        change = update(_LINES).where(_LINES.c.id == bindparam("line"))  # type: ignore[arg-type]
        db.session.execute(change, rows)
