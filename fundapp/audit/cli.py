"""``flask audit …``: the checks from the command line."""

import json
import sys

import click
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE
from fundapp.audit.checks import CheckResult, run_checks
from fundapp.documents.batches import check_every_document

cli = AppGroup("audit", help="Prove that what must hold does hold.")


@cli.command("check")
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text")
@click.option(
    "--every-document",
    is_flag=True,
    help="Open the file of every document first, also of those found intact lately.",
)
def check(format_name: str, every_document: bool) -> None:
    """Run every named check; exit 0 when all are green, 1 with the rows that break one."""
    if every_document:
        check_every_document(actor=COMMAND_LINE)
    results = _as_text() if format_name == "text" else _as_json()
    sys.exit(0 if all(result.is_green for result in results) else 1)


def _as_text() -> list[CheckResult]:
    """Print each check as soon as it is done."""
    results = []
    for result in run_checks():
        results.append(result)
        word = "green" if result.is_green else "RED"
        click.echo(f"{word:<5}  {result.check.name:<28}  {result.check.title}")
        for violation in result.violations:
            click.echo(f"       {violation.ref}: {violation.problem}")
    red = sum(not result.is_green for result in results)
    click.echo(f"{len(results) - red} green, {red} red")
    return results


def _as_json() -> list[CheckResult]:
    results = list(run_checks())
    click.echo(json.dumps({"checks": [_document(result) for result in results]}, indent=2))
    return results


def _document(result: CheckResult) -> dict[str, object]:
    return {
        "name": result.check.name,
        "title": result.check.title,
        "green": result.is_green,
        # The key is older than the name of the class.
        "offences": [{"ref": each.ref, "problem": each.problem} for each in result.violations],
    }
