"""``flask backup …``: making, checking and restoring backups."""

import sys
from collections.abc import Callable
from pathlib import Path

import click
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE
from fundapp.audit.checks import CheckState, run_checks
from fundapp.backup.creation import create_backup
from fundapp.backup.manifest import Manifest
from fundapp.backup.restoration import restore_backup
from fundapp.backup.verification import verify_backup
from fundapp.backup.versions import newest_migration

cli = AppGroup("backup", help="Make, check and restore backups.")

_Command = Callable[..., None]


def _folder_and_programs(command: _Command) -> _Command:
    """The argument and the option that every command has."""
    folder = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
    programs = click.option(
        "--pg-bin",
        "programs",
        envvar="PG_BIN",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Folder of pg_dump and pg_restore, of the server's version; else the PATH.",
    )
    return folder(programs(command))


@cli.command("create")
@_folder_and_programs
def create(folder: Path, programs: Path | None) -> None:
    """Back the database and the documents up into DIR, a new or empty folder.

    The program may go on working. The keys are not in the backup: keep FIELD_KEYS elsewhere. Exit
    code 1 when documents are missing; the backup is made all the same.
    """
    made = create_backup(folder, programs=programs, actor=COMMAND_LINE)
    _show(made)
    for key in made.missing_documents:
        click.echo(f"The document {key} is missing: a row of the database names it.", err=True)
    sys.exit(1 if made.missing_documents else 0)


@cli.command("verify")
@_folder_and_programs
def verify(folder: Path, programs: Path | None) -> None:
    """Check that the backup in DIR is whole; exit code 1 with what is wrong."""
    verification = verify_backup(folder, programs=programs, actor=COMMAND_LINE)
    _show(verification.manifest)
    wrong = (*verification.problems, *verification.missing)
    for sentence in wrong:
        click.echo(sentence, err=True)
    click.echo("The backup is whole." if not wrong else f"{len(wrong)} things are wrong.")
    sys.exit(1 if wrong else 0)


@cli.command("restore")
@_folder_and_programs
def restore(folder: Path, programs: Path | None) -> None:
    """Restore the backup in DIR into an empty database and an empty place for documents.

    Then it runs the checks of `audit check`; exit code 1 when one is red or documents are missing.
    """
    verification = restore_backup(folder, programs=programs, actor=COMMAND_LINE)
    _show(verification.manifest)
    for sentence in verification.missing:
        click.echo(sentence, err=True)
    if verification.manifest.migration != newest_migration():
        click.echo(
            "Everything is restored, with tables of an older version. "
            "Run `flask --app fundapp db upgrade`, then `flask --app fundapp audit check`."
        )
        sys.exit(1 if verification.missing else 0)
    sys.exit(0 if _is_sound() and not verification.missing else 1)


def _show(made: Manifest) -> None:
    """What a backup holds, to compare with another machine's answer."""
    size = sum(file.size for file in made.files)
    click.echo(f"made at           {made.created_at}")
    click.echo(f"database          {made.kind}, migration {made.migration}")
    click.echo(f"journal entries   {made.entry_count}, the newest {made.newest_entry or '-'}")
    click.echo(f"files             {len(made.files)}, {size} bytes")
    click.echo(f"needs field keys  {', '.join(made.field_keys)}")
    click.echo(f"manifest SHA-256  {made.sha256}")


def _is_sound() -> bool:
    """Run the checks, name those that are red, and say what to do next."""
    results = list(run_checks())
    red = [result.check for result in results if result.state is CheckState.RED]
    for check in red:
        click.echo(f"RED    {check.name:<28}  {check.title}", err=True)
    click.echo(f"audit check: {len(red)} of {len(results)} red")
    if red:
        click.echo("Everything is restored. Run `flask --app fundapp audit check` for the rows.")
    else:
        click.echo(
            "Everything is restored. Compare the figures above and `ledger trial-balance` with "
            "those written down; on PostgreSQL grant the application's role its rights; then start."
        )
    return not red
