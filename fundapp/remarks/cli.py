"""``flask remarks``: words that people wrote."""

import click
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE
from fundapp.db import unit_of_work
from fundapp.remarks.models import ErasureReason
from fundapp.remarks.operations import erase_words

cli = AppGroup("remarks", help="Words that people wrote about what they did.")


@cli.command("erase")
@click.argument("number")
@click.option("--why", type=click.Choice([str(why) for why in ErasureReason]), required=True)
def erase(number: str, why: str) -> None:
    """Erase the words with this NUMBER (RM…, RQ… for a request, C-… for a child, BL… for a bank's
    text on a line); when, by whom, why and the digest stay.
    """
    unit_of_work(erase_words, number, why=ErasureReason(why), actor=COMMAND_LINE)
    click.echo(f"{number}: erased")
