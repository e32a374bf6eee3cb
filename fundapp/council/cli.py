"""``flask council``: counting the figures of the council."""

import click
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE
from fundapp.council.operations import count_council
from fundapp.db import unit_of_work

cli = AppGroup("council", help="Coverage, waiting and shares, for the council.")


@cli.command("count")
def count() -> None:
    """Count the figures of today, once. The worker does it every week."""
    report = unit_of_work(count_council, is_asked=True, actor=COMMAND_LINE)
    click.echo("counted" if report else "counted today already")
