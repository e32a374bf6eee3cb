"""``flask bank …``: accounts and statements from the command line."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE
from fundapp.banking import operations, queries
from fundapp.banking.operations import ImportResult
from fundapp.banking.statement_files.decoding import MAX_BYTES
from fundapp.banking.statement_files.parsed import StatementError, StatementRejected
from fundapp.banking.statement_files.parsing import read_file
from fundapp.banking.statement_files.queries import list_profiles
from fundapp.db import unit_of_work
from fundapp.errors import DomainError
from fundapp.money import format_baht

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
    try:
        unit_of_work(
            operations.open_bank_account,
            code,
            name=name,
            bank_code=bank,
            account_number=number,
            account_code=ledger_account,
            promptpay_biller=promptpay_biller,
            promptpay_id=promptpay_id,
            actor=COMMAND_LINE,
        )
    except DomainError as error:
        raise click.ClickException(f"{error.field}: {error}") from error
    click.echo(f"Bank account {code} is open.")


@cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--account", required=True, metavar="CODE", help="As `flask bank accounts` shows.")
@click.option("--profile", required=True, metavar="CODE", help="Style of the file, e.g. ktb.")
@click.option("--dry-run", is_flag=True, help="Find every error, write nothing.")
def import_file(file: Path, account: str, profile: str, dry_run: bool) -> None:
    """Import the statement FILE, whole or not at all; known movements are left as they are."""
    _require_profile(profile)
    with file.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    try:
        result = unit_of_work(
            operations.import_statement,
            read_file(data, file_name=file.name, profile_name=profile),
            account_code=account,
            actor=COMMAND_LINE,
            dry_run=dry_run,
        )
    except StatementRejected as rejected:
        _print_errors(rejected.errors)
        sys.exit(1)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    _print_result(result, dry_run)


def _require_profile(code: str) -> None:
    """Refuse a style that nobody entered, as a wrong argument."""
    codes = [row.code for row in list_profiles()]
    if code not in codes:
        raise click.BadParameter(f"Choose one of: {', '.join(codes)}.", param_hint="--profile")


def _print_result(result: ImportResult, dry_run: bool) -> None:
    parsed = result.parsed
    click.echo(f"Period   {parsed.from_on} to {parsed.to_on}")
    click.echo(f"Opening  {format_baht(parsed.opening_satang)}")
    click.echo(f"Closing  {format_baht(parsed.closing_satang)}")
    click.echo(f"Lines    {result.new_lines} new, {result.known_lines} known")
    for warning in result.warnings:
        click.echo(f"Warning  {warning.text % warning.values}", err=True)
    if result.is_known_file:
        click.echo("This file was imported before. Nothing has been changed.")
    elif dry_run:
        click.echo("Dry run: nothing has been written.")
    else:
        click.echo("Imported.")


def _problem(error: StatementError) -> str:
    more = f" (Also in {error.more_rows} more rows.)" if error.more_rows else ""
    return error.problem_text + more


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
