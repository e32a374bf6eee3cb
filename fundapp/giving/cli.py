"""``flask giving …``: what is done to pledges by the calendar."""

import click
from flask.cli import AppGroup

from fundapp import clock
from fundapp.access.actors import WORKER
from fundapp.db import unit_of_work
from fundapp.giving import operations, queries

cli = AppGroup("giving", help="Pledges and their schedules.")


@cli.command("extend-schedules")
def extend_schedules() -> None:
    """Give open-ended pledges their next instalments; harmless to run often."""
    tokens = queries.list_open_ended_tokens(clock.today())
    for token in tokens:
        unit_of_work(operations.extend_schedule, token, actor=WORKER)
    click.echo(f"{len(tokens)} pledges extended")
