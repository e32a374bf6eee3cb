"""``flask keys``: the keys that identities are encrypted with."""

import click
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE
from fundapp.children.batches import rotate_keys
from fundapp.crypto import KeyringError
from fundapp.documents.errors import DamagedDocumentError

cli = AppGroup("keys", help="The keys that identities are encrypted with.")


@cli.command("rotate")
def rotate() -> None:
    """Encrypt every encrypted value and every document with the newest key, in batches.

    Put the new key first in FIELD_KEYS, restart, then run this. Afterwards the old key may be taken
    away: stop the service, remove it, run this once more (look-ups change to the key that is left),
    and start again. It may be interrupted and run again at any time.
    """
    try:
        for name, batches in rotate_keys(actor=COMMAND_LINE):
            click.echo(f"{name}: {batches} batches")
    except KeyringError as error:
        raise click.ClickException(str(error)) from error
    except DamagedDocumentError as error:
        raise click.ClickException(
            f"document {error.public_id} is damaged, or FIELD_KEYS does not name the key it needs"
        ) from error
