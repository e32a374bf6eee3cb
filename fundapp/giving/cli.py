"""``flask giving …``: work on gifts and receipts from the command line."""

import click
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE
from fundapp.giving.receipts.batches import freeze_older, make_missing_pdfs
from fundapp.giving.receipts.queries import count_without_pdf
from fundapp.giving.reminders.batches import send_reminders as send_all
from fundapp.progress_lines import Progress

cli = AppGroup("giving", help="Gifts, pledges and receipts.")


@cli.command("send-reminders")
def send_reminders() -> None:
    """Queue the reminders that are due today; the worker does so every hour of the day."""
    click.echo(f"queued {send_all(actor=COMMAND_LINE)}")


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
