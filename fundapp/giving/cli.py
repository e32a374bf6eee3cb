"""``flask giving …``: work on gifts from the command line."""

import click
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE
from fundapp.giving.reminders.batches import send_reminders as send_all

cli = AppGroup("giving", help="Gifts and pledges.")


@cli.command("send-reminders")
def send_reminders() -> None:
    """Queue the reminders that are due today; the worker does so every hour of the day."""
    click.echo(f"queued {send_all(actor=COMMAND_LINE)}")
