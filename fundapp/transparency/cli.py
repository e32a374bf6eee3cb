"""``flask transparency …``: publishing figures from the command line."""

from datetime import date

import click
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE
from fundapp.db import unit_of_work
from fundapp.transparency.operations import publish_months

cli = AppGroup("transparency", help="Figures about children, published month by month.")


def _month(_ctx: click.Context, _param: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(f"{value}-01")
    except ValueError:
        raise click.BadParameter("write the month as YYYY-MM, in C.E., e.g. 2026-10") from None


@cli.command("publish")
@click.option("--month", callback=_month, help="The last month to publish, YYYY-MM.")
def publish(month: date | None) -> None:
    """Publish each month that is over and not published yet, once and for all.

    The worker does the same by itself; a month that is published stays as it is.
    """
    months = unit_of_work(publish_months, until=month, actor=COMMAND_LINE)
    for published in months:
        click.echo(f"published {published:%Y-%m}")
    if not months:
        click.echo("nothing to publish")
