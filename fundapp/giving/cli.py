"""``flask giving …``: work on gifts and receipts, and the card processor, from the command line."""

import json
from datetime import timedelta
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from fundapp import clock
from fundapp.access.actors import COMMAND_LINE
from fundapp.db import unit_of_work
from fundapp.errors import DomainError
from fundapp.giving import batches, queries
from fundapp.giving.campaigns.sums.operations import fold_campaigns, forget_campaign_sums
from fundapp.giving.gateways.values import GATEWAY, CardGateway
from fundapp.giving.imports import batches as imports
from fundapp.giving.receipts.batches import (
    freeze_older,
    make_missing_pdfs,
    send_year_messages,
)
from fundapp.giving.receipts.queries import count_without_pdf
from fundapp.giving.reminders.batches import send_reminders as send_all
from fundapp.ledger.folding.batches import fold_all
from fundapp.progress_lines import Progress
from fundapp.spreadsheets.reading import MAX_BYTES
from fundapp.spreadsheets.rows import RowProblem

cli = AppGroup("giving", help="Gifts, pledges and receipts, and what the card processor told.")

_DAYS = click.IntRange(1, 30)


@cli.command("send-reminders")
def send_reminders() -> None:
    """Queue the reminders that are due today; the worker does so every hour of the day."""
    click.echo(f"queued {send_all(actor=COMMAND_LINE)}")


@cli.command("fold-campaigns")
@click.option("--anew", is_flag=True, help="Make the sums anew from the first entry.")
def fold_sums(*, anew: bool) -> None:
    """Fold the sealed entries into the sums of campaigns, as the worker does; with --anew when the
    check giving.campaign-sums is red.
    """
    folded = fold_all(
        fold_campaigns, forget=forget_campaign_sums if anew else None, actor=COMMAND_LINE
    )
    click.echo(f"{folded:,} entries folded.")


@cli.command("send-statements")
@click.argument("year", type=click.IntRange(2500, 2700))
def send_statements(year: int) -> None:
    """Write to every donor what was given in YEAR (B.E.); to each once. The worker does so from 10
    January to 31 March for the year before.
    """
    click.echo(f"queued {send_year_messages(year, actor=COMMAND_LINE)}")


@cli.command("issue-receipts")
@click.option("--processes", type=click.IntRange(1, 64), help="One for each processor otherwise.")
def issue_receipts(processes: int | None) -> None:
    """Make the PDF of every receipt that has none yet, and keep its hash.

    A receipt is numbered and frozen when money arrives; this proves that its paper can be made, and
    which file it is. It may be interrupted and run again at any time.
    """
    frozen = freeze_older(actor=COMMAND_LINE)
    if frozen:
        click.echo(f"{frozen:,} receipts of before are kept as they are from now on.")
    with Progress("Making receipts", count_without_pdf()) as progress:
        made = make_missing_pdfs(actor=COMMAND_LINE, report=progress.add, processes=processes)
    click.echo(f"{made:,} receipts were made as PDF.")


@cli.command("replay-webhooks")
@click.option("--days", type=_DAYS, default=30, show_default=True, help="Of so many days.")
def replay_webhooks(days: int) -> None:
    """Book once more of what all stored notices tell; what is booked stays as it is."""
    since = clock.now() - timedelta(days=days)
    notices = unit_of_work(queries.list_notices, since)
    _say(batches.handle(_gateway(), notices))


@cli.command("reconcile-stripe")
@click.option("--days", type=_DAYS, default=3, show_default=True, help="Of so many days.")
def reconcile_stripe(days: int) -> None:
    """Ask the processor for what never arrived, and book it."""
    try:
        handled = batches.reconcile(_gateway(), clock.now() - timedelta(days=days))
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    _say(handled)


@cli.command("import-donors")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--profile", required=True, metavar="NAME", help="As it was kept on the page.")
@click.option("--dry-run", is_flag=True, help="Find every error, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Counts, and what is wrong by row.")
def import_donors(file: Path, profile: str, dry_run: bool, as_json: bool) -> None:
    """Take over donors, past gifts and pledges of the spreadsheet FILE, whole or not at all.

    Past gifts are booked on the days they were received; what is known already is left as it is.
    """
    with file.open("rb") as stream:
        content = stream.read(MAX_BYTES + 1)
    try:
        plan = imports.import_file(content, profile, actor=COMMAND_LINE, dry_run=dry_run)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    problems = [
        {"row": problem.row, "column": str(problem.column or ""), "problem": _said(problem)}
        for problem in plan.problems
    ]
    if as_json:
        click.echo(json.dumps({**plan.counts, "problems": problems}, ensure_ascii=False))
    else:
        for problem in problems:
            click.echo("row {row}, {column}: {problem}".format(**problem), err=True)
        click.echo(", ".join(f"{name} {count}" for name, count in plan.counts.items()))
    if problems:
        raise click.exceptions.Exit(1)


def _said(problem: RowProblem) -> str:
    return problem.sentence % problem.params if problem.params else problem.sentence


def _gateway() -> CardGateway:
    gateway: CardGateway | None = current_app.extensions.get(GATEWAY)
    if gateway is None:
        raise click.ClickException("STRIPE_SECRET_KEY is not set, so no cards are taken")
    return gateway


def _say(handled: batches.Handled) -> None:
    click.echo(f"booked {handled.booked}, waiting {handled.waiting}")
    if handled.waiting:
        raise click.exceptions.Exit(1)
