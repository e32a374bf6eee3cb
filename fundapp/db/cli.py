"""``flask database …``: what the owner of a PostgreSQL database runs."""

import click
from flask.cli import AppGroup

from fundapp.db.grants import grant_statements

cli = AppGroup("database", help="Prepare the database of a fund in service.")


@cli.command("grants")
@click.argument("role")
def grants(role: str) -> None:
    """Print what lets ROLE, with which the web server connects, do no more than it needs.

    Run it as the owner: flask --app fundapp database grants ROLE | psql DATABASE
    """
    try:
        statements = list(grant_statements(role))
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    for statement in statements:
        click.echo(f"{statement};")
