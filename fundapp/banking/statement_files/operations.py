"""Importing a statement file: whole or not at all, each movement once."""

from dataclasses import dataclass

from sqlalchemy import insert, select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.banking.errors import UnknownBankAccountError
from fundapp.banking.models import BankAccount, LineStatus, Statement, StatementLine
from fundapp.banking.policy import may_import_statements
from fundapp.banking.queries.accounts import get_bank_account
from fundapp.banking.sentences import Sentence
from fundapp.banking.statement_files.parsed import ParsedLine, ParsedStatement, StatementFile
from fundapp.banking.statement_files.queries import ImportPlan, plan_import
from fundapp.db import db, lock
from fundapp.ids import new_id, new_public_id
from fundapp.trail.operations import record_event

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or would do in a dry run.

    ``statement`` is None in a dry run of a new file; ``is_known_file`` says that exactly this file
    was imported before, so nothing was changed.
    """

    parsed: ParsedStatement
    new_lines: int
    known_lines: int
    statement: Statement | None
    warnings: tuple[Sentence, ...] = ()
    is_known_file: bool = False


def import_statement(
    file: StatementFile, *, account_code: str, actor: Actor, dry_run: bool = False
) -> ImportResult:
    """Import a statement file; movements that are known already stay as they are.

    A dry run finds the same errors and writes nothing. The trail names the statement; importing
    the same file again changes nothing, so it is not recorded. Raises ForbiddenError,
    UnknownBankAccountError, and StatementRejected with what contradicts the account.
    """
    require(may_import_statements(actor))
    account = get_bank_account(account_code)
    if not dry_run:
        # Imports into one account run one after the other: each sees what the one before wrote.
        account = _lock_account(account_code)
    parsed = file.parsed
    known = _find_same_file(account_code, file.sha256)
    if known is not None:
        return ImportResult(parsed, 0, len(parsed.lines), known, is_known_file=True)
    plan = plan_import(account, parsed)
    statement = None
    if not dry_run:
        statement = _statement(account, file, actor)
        _write(statement, plan, actor)
    return ImportResult(parsed, len(plan.new_lines), plan.known_lines, statement, plan.warnings)


def _lock_account(account_code: str) -> BankAccount:
    account = lock(select(BankAccount).where(BankAccount.code == account_code))
    if account is None:
        raise UnknownBankAccountError(field="account")
    return account


def _find_same_file(account_code: str, sha256: bytes) -> Statement | None:
    return db.session.scalar(
        select(Statement).where(
            Statement.bank_account_code == account_code, Statement.file_sha256 == sha256
        )
    )


def _statement(account: BankAccount, file: StatementFile, actor: Actor) -> Statement:
    parsed = file.parsed
    return Statement(
        id=new_id(),
        public_id=new_public_id(),
        bank_account=account,
        profile=file.profile_name,
        file_name=_clean(file.name),
        file_sha256=file.sha256,
        from_on=parsed.from_on,
        to_on=parsed.to_on,
        opening_satang=parsed.opening_satang,
        closing_satang=parsed.closing_satang,
        imported_by=actor.ref,
        imported_at=clock.now(),
    )


def _write(statement: Statement, plan: ImportPlan, actor: Actor) -> None:
    db.session.add(statement)
    db.session.flush()
    rows = [_row(statement, fingerprint, line) for fingerprint, line in plan.new_lines]
    if rows:
        # Without the mapping of rows to objects, which takes longer than the rest; others wait.
        db.session.execute(insert(StatementLine.__table__), rows)  # type: ignore[arg-type]
    record_event(
        "banking:statement:import",
        actor=actor,
        subject_type="statement",
        subject_ref=statement.public_id,
        note=f"{len(rows)} new, {plan.known_lines} known",
    )
    db.session.flush()


def _row(statement: Statement, fingerprint: bytes, line: ParsedLine) -> dict[str, object]:
    return {
        "id": new_id(),
        "public_id": new_public_id(),
        "statement_id": statement.id,
        "bank_account_code": statement.bank_account.code,
        "fingerprint": fingerprint,
        "row_number": line.row_number,
        "booked_on": line.booked_on,
        "booked_time": f"{line.booked_time:%H:%M}" if line.booked_time else "",
        "description": line.description,
        "detail": line.detail,
        "channel": line.channel,
        "withdrawal_satang": line.withdrawal_satang,
        "deposit_satang": line.deposit_satang,
        "balance_satang": line.balance_satang,
        "status": LineStatus.UNMATCHED,
        "status_reason": "",
    }


def _clean(file_name: str) -> str:
    """The name of a file without folders and without characters that cannot be printed."""
    base = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(letter for letter in base if letter.isprintable()).strip()
    return printable[-_LONGEST_NAME:] or "statement"
