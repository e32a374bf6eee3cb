"""``flask audit …``: the checks from the command line."""

import json
import sys
from collections import Counter

import click
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE
from fundapp.audit.checks import CheckResult, CheckState, run_checks
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
    """Run every named check; exit 1 when one is red. Yellow ones need attention; exit 0."""
    if every_document:
        check_every_document(actor=COMMAND_LINE)
    results = _as_text() if format_name == "text" else _as_json()
    sys.exit(1 if any(result.state is CheckState.RED for result in results) else 0)


def _as_text() -> list[CheckResult]:
    """Print each check as soon as it is done."""
    results = []
    for result in run_checks():
        results.append(result)
        word = "RED" if result.state is CheckState.RED else result.state.value
        click.echo(f"{word:<6}  {result.check.name:<28}  {result.check.title}")
        for violation in result.violations:
            click.echo(f"        {violation.ref}: {violation.sentence}")
    count = Counter(result.state for result in results)
    states = (CheckState.GREEN, CheckState.RED, CheckState.YELLOW)
    click.echo(", ".join(f"{count[state]} {state.value}" for state in states))
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
        "state": result.state.value,
        # The key is older than the name of the class.
        "offences": [{"ref": each.ref, "problem": each.sentence} for each in result.violations],
    }
