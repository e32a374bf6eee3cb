"""``flask periods …``: closing months of the books, and opening them again."""

from datetime import date

import click
from flask import current_app
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE
from fundapp.db import unit_of_work
from fundapp.ledger import operations, queries
from fundapp.ledger.cli import DayParameter, do_or_propose, refusals
from fundapp.ledger.cli import cli as ledger_commands
from fundapp.ledger.closing import find_items
from fundapp.ledger.kinds import CLOSED, PERIOD_CLOSING, PERIOD_REOPENING, reopening_values
from fundapp.ledger.log.batches import seal_everything
from fundapp.ledger.models import ReopenReason
from fundapp.ledger.periods import month_start
from fundapp.proposals.commands import command_actor, proposed_sentence
from fundapp.proposals.operations import make_proposal

_NO_MONTH = "The books have no such month."

cli = AppGroup("periods", help="Months and fiscal years of the books.")


@cli.command("show")
@click.argument("day", type=DayParameter())
def show(day: date) -> None:
    """What has to be dealt with before the month of DAY is closed."""
    with refusals(_NO_MONTH):
        period = queries.get_period(month_start(day).isoformat())
    click.echo(f"{period.starts_on} to {period.ends_on}: {period.status}")
    for item in find_items(period):
        state = "done" if item.is_done else "BLOCKS" if item.blocks else "warning"
        click.echo(f"{state:<8} {item.count:>6}  {item.title}")


@cli.command("close")
@click.argument("day", type=DayParameter())
def close(day: date) -> None:
    """Close the month of DAY: no entry can be posted into it any more. With September the fiscal
    year is closed.
    """
    seal_everything(actor=COMMAND_LINE)
    do_or_propose(
        PERIOD_CLOSING,
        month_start(day).isoformat(),
        CLOSED,
        lambda actor: operations.close_period(day, actor=actor),
        "The month from {0.starts_on} to {0.ends_on} is closed.",
        _NO_MONTH,
    )


@cli.command("reopen")
@click.argument("day", type=DayParameter())
@click.option(
    "--reason", type=click.Choice([reason.value for reason in ReopenReason]), required=True
)
def reopen(day: date, reason: str) -> None:
    """Propose that the closed month of DAY takes entries again; two people agree to it under
    Proposals.
    """
    actor = command_actor(current_app.config)
    values = reopening_values(ReopenReason(reason))
    subject = month_start(day).isoformat()
    with refusals(_NO_MONTH):
        proposal = unit_of_work(make_proposal, PERIOD_REOPENING, subject, values, actor=actor)
    click.echo(proposed_sentence(proposal))


# As these commands were called before.
ledger_commands.add_command(close, "close-period")
ledger_commands.add_command(reopen, "reopen-period")
