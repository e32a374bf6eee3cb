"""``flask places …``."""

from pathlib import Path

import click
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE
from fundapp.db import unit_of_work
from fundapp.places.errors import PlacesRejectedError
from fundapp.places.operations import import_places
from fundapp.places.place_lists import read_places

cli = AppGroup("places", help="Provinces, districts and subdistricts.")


@cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_command(file: Path) -> None:
    """Import a CSV list of provinces, districts or subdistricts; all of it or nothing."""
    try:
        result = unit_of_work(import_places, read_places(file.read_bytes()), actor=COMMAND_LINE)
    except PlacesRejectedError as error:
        for row_error in error.errors:
            click.echo(str(row_error), err=True)
        raise click.ClickException(str(error)) from error
    click.echo(f"added {result.added}, changed {result.changed}, unchanged {result.unchanged}")
