"""``flask audit …``: the checks from the command line."""

import json
import sys
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from fundapp.access.actors import COMMAND_LINE
from fundapp.audit.checks import CheckResult, CheckState, Run, run_checks
from fundapp.audit.marks import covered_by
from fundapp.audit.operations import store_run
from fundapp.audit.packs.parts import PackDays
from fundapp.audit.packs.steps import require_days
from fundapp.audit.packs.writing import write_pack
from fundapp.audit.reading import Stretch
from fundapp.db import unit_of_work
from fundapp.documents.batches import check_every_document
from fundapp.errors import BusyError, DomainError, NotFoundError
from fundapp.ledger.cli import DayParameter
from fundapp.ledger.drafts import entry_id_of
from fundapp.ledger.log.notes import read_checkpoint
from fundapp.ledger.log.queries import fault_of, get_checkpoint
from fundapp.ledger.thread.exports import thread_document, thread_text
from fundapp.ledger.thread.queries import read_threads
from fundapp.progress_lines import Progress

cli = AppGroup("audit", help="Prove that what must hold does hold.")


@cli.command("check")
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text")
@click.option(
    "--every-document",
    is_flag=True,
    help="Open the file of every document first, also of those found intact lately.",
)
@click.option(
    "--new-entries",
    is_flag=True,
    help="Begin after the last mark where entries are read one by one, as the worker does at"
    " night; set the next mark when nothing is red.",
)
@click.option(
    "--since",
    metavar="CHECKPOINT",
    help="Begin after the entries of a signed checkpoint: a file with one that you kept, or how"
    " many entries it covers. They are compared by their hashes alone.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def check(
    format_name: str, every_document: bool, new_entries: bool, since: str | None, as_json: bool
) -> None:
    """Run every named check and store the results; exit 1 when one is red. Yellow ones need
    attention; exit 0.
    """
    if new_entries and since:
        raise click.UsageError("Choose --new-entries or --since.")
    run = Run(is_full=not new_entries and not since, since=_since(since) if since else None)
    if every_document:
        check_every_document(actor=COMMAND_LINE)
    with Progress("Reading the journal, entries") as progress:
        run.report = progress.set
        results = _as_json(run) if as_json or format_name == "json" else _as_text(run)
    _store(run, results)
    sys.exit(1 if any(result.state is CheckState.RED for result in results) else 0)


@cli.command("thread")
@click.argument("number", metavar="ENTRY")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each fund, a line each.")
def thread(number: str, as_json: bool) -> None:
    """What became of the money of an entry, or whose money it took, to the satang."""
    entry_id = entry_id_of(number)
    try:
        found = read_threads(-1 if entry_id is None else entry_id)
    except NotFoundError as error:
        raise click.ClickException(f"There is no entry {number}.") from error
    if not found:
        raise click.ClickException("This entry raises and lowers no fund: it has no thread.")
    for each in found:
        document = thread_document(each)
        click.echo(json.dumps(document) if as_json else thread_text(document))


def _since(checkpoint: str) -> Stretch:
    """The entries that a checkpoint covers, which must be those of the log."""
    try:
        if checkpoint.isascii() and checkpoint.isdigit():
            stored = get_checkpoint(int(checkpoint[:18]))
            if stored is None:
                raise click.ClickException(f"There is no checkpoint of {checkpoint} entries.")
            note = stored.note
        else:
            note = Path(checkpoint).read_text(encoding="utf-8")
        signed = read_checkpoint(note)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{checkpoint}: {error}") from error
    if fault := fault_of(signed):
        raise click.ClickException(f"The log is not that of the checkpoint: {fault}.")
    return covered_by(signed.size)


@cli.command("pack")
@click.option("--from", "from_on", type=DayParameter(), required=True, help="The first day.")
@click.option("--to", "to_on", type=DayParameter(), required=True, help="The last day.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="A ZIP file."
)
def pack(from_on: date, to_on: date, output: Path) -> None:
    """Write the audit pack of a period: everything about it in one archive, with the hash of each
    file. It is written whole or not at all.
    """
    try:
        require_days(from_on, to_on)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    # Beside the output, so that it gets its name in one step.
    with tempfile.NamedTemporaryFile(dir=output.parent, suffix=".part", delete=False) as file:
        written = Path(file.name)
        try:
            with Progress("Writing the pack, parts") as progress:
                write_pack(file, PackDays(from_on, to_on), progress.set)
        except BaseException:
            written.unlink()
            raise
    written.replace(output)
    click.echo(f"Wrote {output}.")


def _store(run: Run, results: list[CheckResult]) -> None:
    """Store what the run came to. Where the database takes nothing (a full disk, a copy that may
    only be read), what was printed still holds.
    """
    try:
        unit_of_work(store_run, run, results, actor=COMMAND_LINE)
    except (BusyError, DBAPIError) as error:
        click.echo(f"The results were not stored: {error}", err=True)


def _as_text(run: Run) -> list[CheckResult]:
    """Print each check as soon as it is done."""
    results = []
    for result in run_checks(run):
        results.append(result)
        word = "RED" if result.state is CheckState.RED else result.state.value
        click.echo(f"{word:<6}  {result.check.name:<28}  {result.check.title}")
        for violation in result.violations:
            click.echo(f"        {violation.shown_ref}: {violation.sentence}")
    count = Counter(result.state for result in results)
    states = (CheckState.GREEN, CheckState.RED, CheckState.YELLOW)
    click.echo(", ".join(f"{count[state]} {state.value}" for state in states))
    return results


def _as_json(run: Run) -> list[CheckResult]:
    results = list(run_checks(run))
    click.echo(json.dumps({"checks": [_document(result) for result in results]}, indent=2))
    return results


def _document(result: CheckResult) -> dict[str, object]:
    return {
        "name": result.check.name,
        "title": result.check.title,
        "green": result.is_green,
        "state": result.state.value,
        # The key is older than the name of the class.
        "offences": [
            {"ref": each.shown_ref, "problem": each.sentence} for each in result.violations
        ],
    }
