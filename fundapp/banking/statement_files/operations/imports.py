"""Importing a statement file: whole or not at all, each movement once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.banking.models import BankAccount, Statement
from fundapp.banking.policy import may_import_statements
from fundapp.banking.queries.accounts import get_bank_account, list_bank_accounts
from fundapp.banking.sentences import Sentence
from fundapp.banking.statement_files.locking import lock_account
from fundapp.banking.statement_files.parsed import (
    ParsedStatement,
    StatementError,
    StatementFile,
    StatementRejected,
)
from fundapp.banking.statement_files.queries import ImportPlan, plan_import
from fundapp.banking.statement_files.steps import (
    insert_lines,
    require_free,
    write_changes,
)
from fundapp.children.name_guard import require_no_child_named
from fundapp.db import db
from fundapp.ids import new_public_id
from fundapp.markers import N_
from fundapp.trail.operations import record_event

_LONGEST_NAME = 200


_CHOOSE_ACCOUNT = N_("Choose the account that the file belongs to.")


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or would do in a dry run.

    Each line of the file is new, completed (known, with words that say more or other) or known as
    it is. ``statement`` is None in a dry run of a new file; ``is_known_file`` says that exactly
    this file was imported before, so nothing was changed.
    """

    account: BankAccount
    parsed: ParsedStatement
    new_lines: int
    completed_lines: int
    known_lines: int
    statement: Statement | None
    warnings: tuple[Sentence, ...] = ()
    is_known_file: bool = False


def import_file(
    files: Sequence[StatementFile],
    *,
    account_code: str = "",
    actor: Actor,
    dry_run: bool = False,
    take_over: bool = False,
) -> list[ImportResult]:
    """Import all statements of a file, each into its account: as `import_statement`, all or none.

    Without ``account_code`` each goes into the account whose number it states; StatementRejected,
    with the account in the place of the column, when the fund has none or several such accounts.
    """
    require(may_import_statements(actor))
    accounts = {account_code or _account_of(file.parsed): file for file in files}
    if len(accounts) < len(files):
        problem = N_("The file has statements of several accounts.")
        remedy = N_("Leave the account to the file: each of its statements names its own.")
        raise StatementRejected([StatementError(None, None, problem, remedy, "several_accounts")])
    results = []
    for code, file in sorted(accounts.items()):
        try:
            results.append(
                import_statement(
                    file, account_code=code, actor=actor, dry_run=dry_run, take_over=take_over
                )
            )
        except StatementRejected as refused:
            raise refused if len(files) == 1 else _refusal_of(code, refused) from None
    return results


def _account_of(parsed: ParsedStatement) -> str:
    """The code of the one account that a statement can be of."""
    shown = parsed.account_number
    found = [
        account.code
        for account in list_bank_accounts()
        if shown is not None and parsed.may_be_of(account.account_digits)
    ]
    if len(found) == 1:
        return found[0]
    problem = N_("The file does not say of which account it is.")
    if shown is not None:
        problem = N_("The fund has no account here with the number %(found)s.")
    if found:
        problem = N_("Several accounts of the fund can have the number %(found)s.")
    error = StatementError(
        None, shown, problem, _CHOOSE_ACCOUNT, "which_account", {"found": shown or ""}
    )
    raise StatementRejected([error])


def _refusal_of(account_code: str, refused: StatementRejected) -> StatementRejected:
    """The refusal of one of several statements, with its account in the place of the column."""
    return StatementRejected(
        replace(error, column=error.column or account_code) for error in refused.errors
    )


def import_statement(
    file: StatementFile,
    *,
    account_code: str,
    actor: Actor,
    dry_run: bool = False,
    take_over: bool = False,
) -> ImportResult:
    """Import a statement file; movements that are known are completed, never stored again.

    A dry run finds the same errors and writes nothing. The trail names the statement; importing
    the same file again changes nothing, so it is not recorded. ``take_over``: the officer has
    confirmed that the bank changed days which were over. Raises ForbiddenError,
    UnknownBankAccountError, ChildNamedError when the file is called as a child is, and
    StatementRejected with the first thing that contradicts the account
    (``CHANGED_DAY``: may be taken over) or with a matched line that the file no longer has.
    """
    require(may_import_statements(actor))
    account = get_bank_account(account_code)
    if not dry_run:
        # Imports into one account run one after the other: each sees what the one before wrote.
        account = lock_account(account_code)
    known = _find_same_file(account_code, file.sha256)
    if known is not None:
        parsed = file.parsed
        return ImportResult(account, parsed, 0, 0, len(parsed.lines), known, is_known_file=True)
    plan = plan_import(account, file, take_over=take_over)
    require_free(plan.withdrawn)
    statement = None
    if not dry_run:
        statement = _write(account, file, plan, actor)
    return _result(account, plan, statement)


def _result(account: BankAccount, plan: ImportPlan, statement: Statement | None) -> ImportResult:
    parsed = plan.parsed
    new, completed = plan.new_lines, plan.completed_lines
    known = len(parsed.lines) - new - completed
    return ImportResult(account, parsed, new, completed, known, statement, plan.warnings)


def _find_same_file(account_code: str, sha256: bytes) -> Statement | None:
    return db.session.scalar(
        select(Statement).where(
            Statement.bank_account_code == account_code,
            Statement.file_sha256 == sha256,
            Statement.undone_at.is_(None),
        )
    )


def _write(account: BankAccount, file: StatementFile, plan: ImportPlan, actor: Actor) -> Statement:
    file_name = _clean(file.name)
    require_no_child_named(file_name, field="file")
    statement = Statement(
        id=plan.statement_id,
        public_id=new_public_id(),
        bank_account=account,
        profile=file.profile_name,
        file_name=file_name,
        file_sha256=file.sha256,
        from_on=plan.parsed.from_on,
        to_on=plan.to_on,
        opening_satang=plan.parsed.opening_satang,
        closing_satang=plan.parsed.closing_satang,
        imported_by=actor.ref,
        imported_at=clock.now(),
    )
    db.session.add(statement)
    db.session.flush()
    insert_lines(statement, plan.changes)
    write_changes(plan.changes)
    result = _result(account, plan, statement)
    record_event(
        "banking:statement:import",
        actor=actor,
        subject_type="statement",
        subject_ref=statement.public_id,
        note=f"{result.new_lines} new, {result.completed_lines} completed,"
        f" {result.known_lines} known, {len(plan.withdrawn)} no longer stated",
    )
    db.session.flush()
    return statement


def _clean(file_name: str) -> str:
    """The name of a file without folders and without characters that cannot be printed."""
    base = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(letter for letter in base if letter.isprintable()).strip()
    return printable[-_LONGEST_NAME:] or "statement"
