"""What importing a statement would change, determined without changing anything.

A file is refused when it contradicts what is known of the account: another account's number, an
opening balance other than the bank's balance of the day before, a closing balance other than the
opening balance of the day after, or movements imported before that this file does not have (the
same days in another style would otherwise count twice). Days that no statement covers are only a
warning: the bank may not offer them for download yet.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from fundapp import clock
from fundapp.banking.models import BankAccount, Statement, StatementLine
from fundapp.banking.sentences import Sentence, sentence
from fundapp.banking.statement_files.parsed import ParsedLine, ParsedStatement, Problems
from fundapp.banking.statement_files.queries.balances import find_bank_balance
from fundapp.db import db
from fundapp.markers import N_
from fundapp.money import format_baht

_DAY = timedelta(days=1)

GAP_BEFORE = N_("No statement covers the days between %(last_on)s and %(first_on)s.")


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The new lines with their fingerprints, the number of known lines, and warnings."""

    new_lines: Sequence[tuple[bytes, ParsedLine]]
    known_lines: int
    warnings: tuple[Sentence, ...]


def plan_import(account: BankAccount, parsed: ParsedStatement) -> ImportPlan:
    """What of ``parsed`` is new in ``account``; StatementRejected when they contradict."""
    problems = Problems()
    _check_account(account, parsed, problems)
    _check_future(parsed, problems)
    problems.reject_if_any()
    known = _known_fingerprints(account.code, parsed)
    fingerprints = _fingerprints(parsed.lines)
    _check_adjoining_balances(account.code, parsed, problems)
    _check_same_content(known, set(fingerprints), parsed.to_on, problems)
    problems.reject_if_any()
    pairs = zip(fingerprints, parsed.lines, strict=True)
    new_lines = [(fingerprint, line) for fingerprint, line in pairs if fingerprint not in known]
    known_lines = len(parsed.lines) - len(new_lines)
    return ImportPlan(new_lines, known_lines, tuple(_gap_warnings(account.code, parsed)))


def _fingerprints(lines: Sequence[ParsedLine]) -> list[bytes]:
    """What identifies each line: SHA-256 of day, time, text, amounts, balance, and a counter.

    The counter tells lines with exactly the same content, balance included, apart by their order
    in the file.
    """
    counters: Counter[str] = Counter()
    fingerprints = []
    for line in lines:
        content = json.dumps(
            [
                line.booked_on.isoformat(),
                line.booked_time.isoformat() if line.booked_time else "",
                line.description,
                line.detail,
                line.channel,
                line.withdrawal_satang,
                line.deposit_satang,
                line.balance_satang,
            ],
            ensure_ascii=False,
        )
        fingerprints.append(hashlib.sha256(f"{counters[content]} {content}".encode()).digest())
        counters[content] += 1
    return fingerprints


def _known_fingerprints(account_code: str, parsed: ParsedStatement) -> dict[bytes, date]:
    query = select(StatementLine.fingerprint, StatementLine.booked_on).where(
        StatementLine.bank_account_code == account_code,
        StatementLine.booked_on.between(parsed.from_on, parsed.to_on),
    )
    return {bytes(fingerprint): day for fingerprint, day in db.session.execute(query)}


def _check_account(account: BankAccount, parsed: ParsedStatement, problems: Problems) -> None:
    if parsed.may_be_of(account.account_digits):
        return
    problems.add(
        "other_account",
        N_("The file is of the account %(found)s, not of %(expected)s."),
        N_("Choose the account that the file belongs to."),
        found=parsed.account_number,
        expected=account.account_number,
    )


def _check_future(parsed: ParsedStatement, problems: Problems) -> None:
    future = next((line for line in parsed.lines if line.booked_on > clock.today()), None)
    if future is not None:
        problems.add(
            "future_day",
            N_("This day is still to come, so the bank cannot have booked anything on it."),
            N_("Choose the style that fits the file, or download the whole statement again."),
            row=future.row_number,
        )


def _check_adjoining_balances(
    account_code: str, parsed: ParsedStatement, problems: Problems
) -> None:
    """The balances at both ends are those of the statements before and after."""
    before = find_bank_balance(account_code, parsed.from_on - _DAY)
    if before is not None and before != parsed.opening_satang:
        problems.add(
            "opening_balance",
            N_("The file opens with %(found)s; the day before closed with %(expected)s."),
            N_("Movements are missing in between. Import a statement that begins earlier."),
            found=format_baht(parsed.opening_satang),
            expected=format_baht(before),
        )
    later = select(Statement.opening_satang).where(
        Statement.bank_account_code == account_code, Statement.from_on == parsed.to_on + _DAY
    )
    after = db.session.scalars(later.limit(1)).one_or_none()
    if after is not None and after != parsed.closing_satang:
        problems.add(
            "closing_balance",
            N_("The file closes with %(found)s; the day after opens with %(expected)s."),
            N_("Its last day is not whole. Download the statement for these days again."),
            found=format_baht(parsed.closing_satang),
            expected=format_baht(after),
        )


def _check_same_content(
    known: dict[bytes, date], in_file: set[bytes], to_on: date, problems: Problems
) -> None:
    """Movements imported before must be in the file too, except on its last day, which may be
    incomplete.
    """
    missing = [
        day for fingerprint, day in known.items() if fingerprint not in in_file and day < to_on
    ]
    if missing:
        problems.add(
            "differs",
            N_("Movements of these days that were imported before are not in the file: %(lines)s."),
            N_("Use the style these days were imported in, and a file that was not edited."),
            lines=len(missing),
        )


def _gap_warnings(account_code: str, parsed: ParsedStatement) -> list[Sentence]:
    """A warning when the statement before ended earlier than the day before this one."""
    earlier = (
        select(Statement.to_on)
        .where(Statement.bank_account_code == account_code, Statement.from_on < parsed.from_on)
        .order_by(Statement.to_on.desc())
        .limit(1)
    )
    last = db.session.scalar(earlier)
    if last is None or last >= parsed.from_on - _DAY:
        return []
    return [sentence(GAP_BEFORE, last_on=last, first_on=parsed.from_on)]
