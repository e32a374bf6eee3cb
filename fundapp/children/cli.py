"""``flask keys``: the keys that identities are encrypted with."""

import click
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE
from fundapp.children.batches import rotate_keys
from fundapp.children.operations import retire_old_keys
from fundapp.db import unit_of_work
from fundapp.documents.errors import DamagedDocumentError

cli = AppGroup("keys", help="The keys that identities are encrypted with.")


@cli.command("rotate")
def rotate() -> None:
    """Encrypt every encrypted value and every document with the newest key, in batches.

    Put the new key first in FIELD_KEYS, restart every process of the program, then run this; the
    program may go on running. Afterwards take the old keys away and restart. It may be interrupted
    and run again at any time.
    """
    try:
        for name, batches in rotate_keys(actor=COMMAND_LINE):
            click.echo(f"{name}: {batches} batches")
    except DamagedDocumentError as error:
        raise click.ClickException(
            f"document {error.public_id} is damaged, or FIELD_KEYS does not name the key it needs"
        ) from error
    newest = unit_of_work(retire_old_keys, actor=COMMAND_LINE)
    click.echo(f"Everything is encrypted with {newest}. FIELD_KEYS needs no other key now.")
