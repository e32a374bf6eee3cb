"""``flask bank …``: accounts and statements from the command line."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE
from fundapp.banking import operations, queries
from fundapp.banking.operations import ImportResult
from fundapp.banking.operations.accounts import propose_bank_account
from fundapp.banking.policy import may_open_bank_account
from fundapp.banking.reader import words_of
from fundapp.banking.sentences import Sentence, Value
from fundapp.banking.statement_files.contradictions import CHANGED_DAY
from fundapp.banking.statement_files.decoding import MAX_BYTES
from fundapp.banking.statement_files.messages import MESSAGES
from fundapp.banking.statement_files.parsed import StatementError, StatementRejected
from fundapp.banking.statement_files.parsing import read_files
from fundapp.banking.statement_files.queries import list_profiles
from fundapp.db import unit_of_work
from fundapp.errors import DomainError
from fundapp.money import format_baht
from fundapp.proposals.commands import command_actor, proposed_sentence

cli = AppGroup("bank", help="Bank accounts and statements.")

_HEADINGS = ("Row", "Column", "What is wrong", "What to do")


@cli.command("accounts")
def accounts() -> None:
    """The fund's accounts at banks."""
    for account in queries.list_bank_accounts():
        number = f"{account.bank_code} {account.account_number}"
        ids = (account.promptpay_biller_id, account.promptpay_id)
        promptpay = "".join(f"  PromptPay {each}" for each in ids if each)
        click.echo(
            f"{account.code:<20} {number:<22} {account.account_code}  {account.name}{promptpay}"
        )


@cli.command("open-account")
@click.argument("code")
@click.option("--name", required=True, help="As the bank writes it.")
@click.option("--bank", required=True, metavar="NNN", help="Bank of Thailand code, e.g. 006.")
@click.option("--number", required=True, help="Account number, dashes allowed.")
@click.option("--ledger-account", required=True, metavar="CODE", help="E.g. 1121.")
@click.option("--promptpay-biller", default="", metavar="ID", help="15 digits from the bank.")
@click.option("--promptpay-id", default="", metavar="ID", help="If it has no biller id.")
def open_account(
    code: str,
    name: str,
    bank: str,
    number: str,
    ledger_account: str,
    promptpay_biller: str,
    promptpay_id: str,
) -> None:
    """Add the bank account CODE, mirrored by one account of the books.

    Its PromptPay ids are shown to donors of the funds that name this account.
    """
    after = {
        "name": name,
        "bank_code": bank,
        "account_number": number,
        "account_code": ledger_account,
        "promptpay_biller": promptpay_biller,
        "promptpay_id": promptpay_id,
    }
    actor = command_actor(current_app.config)
    try:
        if not may_open_bank_account(actor):
            proposal = unit_of_work(propose_bank_account, code, **after, actor=actor)
            click.echo(proposed_sentence(proposal))
            return
        unit_of_work(operations.open_bank_account, code, **after, actor=actor)
    except DomainError as error:
        raise click.ClickException(f"{error.field}: {error}") from error
    click.echo(f"Bank account {code} is open.")


@cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--account", default="", metavar="CODE", help="Only if the file does not name it.")
@click.option(
    "--profile", required=True, metavar="CODE", help="Style of the file: ktb, mt940, camt053 …"
)
@click.option("--dry-run", is_flag=True, help="Find every error, write nothing.")
@click.option("--take-over", is_flag=True, help="The bank has changed days that were over.")
@click.option("--json", "as_json", is_flag=True, help="How many lines: new, completed, known …")
def import_file(
    file: Path, account: str, profile: str, dry_run: bool, take_over: bool, as_json: bool
) -> None:
    """Import the statement FILE, whole or not at all; known movements are completed.

    MT940 and camt.053 files may have statements of several accounts: each goes into its own.
    """
    _require_profile(profile)
    with file.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    try:
        results = unit_of_work(
            operations.import_file,
            read_files(data, file_name=file.name, profile_name=profile),
            account_code=account,
            actor=COMMAND_LINE,
            dry_run=dry_run,
            take_over=take_over,
        )
    except StatementRejected as rejected:
        _print_refusal(as_json)
        _print_errors(rejected.errors)
        if any(error.code == CHANGED_DAY for error in rejected.errors):
            click.echo("In this command the box to tick is --take-over.", err=True)
        sys.exit(1)
    except DomainError as error:
        _print_refusal(as_json)
        raise click.ClickException(str(error)) from error
    for result in results:
        if as_json:
            _print_counts(result)
        else:
            _print_result(result, dry_run)


@cli.command("undo-import")
@click.argument("statement_id", metavar="ID")
def undo_import(statement_id: str) -> None:
    """Take back the import ID (as `flask bank statements` shows), if nothing of it is matched."""
    try:
        unit_of_work(operations.undo_import, statement_id, actor=COMMAND_LINE)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo("The import is taken back. The same file may be imported again.")


@cli.command("statements")
@click.option("--account", metavar="CODE", help="Only of this account.")
def statements(account: str | None) -> None:
    """The last imported statements, the newest first, with their ids."""
    for row in queries.list_statements().rows:
        each = row.statement
        if account in (None, each.bank_account_code):
            state = "  taken back" if each.undone_at else ""
            days = f"{each.from_on} to {each.to_on}"
            click.echo(
                f"{each.public_id}  {each.bank_account_code:<12} {days}  {each.file_name}{state}"
            )


@cli.command("lines")
@click.option("--account", required=True, metavar="CODE", help="As `flask bank accounts` shows.")
@click.option("--json", "as_json", is_flag=True, help="A list; withdrawals are negative.")
def lines(account: str, as_json: bool) -> None:
    """The movements of an account, by day."""
    try:
        found = queries.list_account_lines(queries.get_bank_account(account).code)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    rows: list[dict[str, Any]] = [
        {
            "day": line.booked_on.isoformat(),
            "amount_satang": line.deposit_satang - line.withdrawal_satang,
            "text": " ".join(filter(None, words_of(line))),
            "status": line.status.value,
        }
        for line in found
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        amount = format_baht(row["amount_satang"])
        click.echo(f"{row['day']} {amount:>15}  {row['status']:<9}  {row['text']}")


def _print_counts(result: ImportResult) -> None:
    counts = {
        "new": result.new_lines,
        "completed": result.completed_lines,
        "known": result.known_lines,
        "refused": 0,
        "id": result.statement.public_id if result.statement else None,
    }
    click.echo(json.dumps(counts))
    for warning in result.warnings:
        click.echo(_english(warning), err=True)


def _print_refusal(as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"new": 0, "completed": 0, "known": 0, "refused": 1, "id": None}))


def _require_profile(code: str) -> None:
    """Refuse a style that nobody entered, as a wrong argument."""
    codes = [*(row.code for row in list_profiles()), *MESSAGES]
    if code not in codes:
        raise click.BadParameter(f"Choose one of: {', '.join(codes)}.", param_hint="--profile")


def _print_result(result: ImportResult, dry_run: bool) -> None:
    parsed = result.parsed
    counts = f"{result.new_lines} new, {result.completed_lines} completed"
    click.echo(f"Account  {result.account.code}")
    click.echo(f"Period   {parsed.from_on} to {parsed.to_on}")
    click.echo(f"Opening  {format_baht(parsed.opening_satang)}")
    click.echo(f"Closing  {format_baht(parsed.closing_satang)}")
    click.echo(f"Lines    {counts}, {result.known_lines} known")
    for warning in result.warnings:
        click.echo(f"Warning  {_english(warning)}", err=True)
    if result.statement is not None:
        click.echo(f"Id       {result.statement.public_id}")
    if result.is_known_file:
        click.echo("This file was imported before. Nothing has been changed.")
    elif dry_run:
        click.echo("Dry run: nothing has been written.")
    else:
        click.echo("Imported.")


def _problem(error: StatementError) -> str:
    more = f" (Also in {error.more_rows} more rows.)" if error.more_rows else ""
    return error.problem_text + more


def _english(warning: Sentence) -> str:
    values: dict[str, Value] = {
        name: format_baht(int(value)) if name.endswith("_satang") else value
        for name, value in warning.values.items()
    }
    return warning.text % values


def _print_errors(errors: tuple[StatementError, ...]) -> None:
    """Print the errors as a table, each column as wide as its longest cell."""
    rows = [
        (str(error.row or "-"), error.column or "-", _problem(error), error.remedy_text)
        for error in errors
    ]
    widths = [max(map(len, column)) for column in zip(_HEADINGS, *rows, strict=True)]
    click.echo("This statement file cannot be imported. Nothing has been changed.\n", err=True)
    for cells in (_HEADINGS, *rows):
        padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        click.echo("  ".join(padded).rstrip(), err=True)
