"""``flask keys``: the keys that identities are encrypted with."""

from collections.abc import Callable
from functools import partial

import click
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE
from fundapp.children.encryption import encrypted_columns
from fundapp.children.operations import BATCH, rotate_batch, rotate_lookups
from fundapp.crypto import KeyringError
from fundapp.db import unit_of_work
from fundapp.documents.encryption import DamagedDocumentError
from fundapp.documents.operations import encrypt_batch_anew

cli = AppGroup("keys", help="The keys that identities are encrypted with.")


@cli.command("rotate")
def rotate() -> None:
    """Encrypt every encrypted value and every document with the newest key, in batches.

    Put the new key first in FIELD_KEYS, restart, then run this. Afterwards the old key may be taken
    away: stop the service, remove it, run this once more (look-ups change to the key that is left),
    and start again. It may be interrupted and run again at any time.
    """
    try:
        for table, columns in encrypted_columns().items():
            batches = _each_batch(partial(rotate_batch, table, columns, actor=COMMAND_LINE))
            click.echo(f"{table}: {batches} batches, up to {BATCH} rows each")
        lookups = _each_batch(partial(rotate_lookups, actor=COMMAND_LINE))
        click.echo(f"look-ups: {lookups} batches")
        documents = _each_batch(partial(encrypt_batch_anew, actor=COMMAND_LINE))
        click.echo(f"files of documents: {documents} batches")
    except KeyringError as error:
        raise click.ClickException(str(error)) from error
    except DamagedDocumentError as error:
        raise click.ClickException(
            f"document {error} is damaged, or FIELD_KEYS does not name the key it needs"
        ) from error


def _each_batch(work: Callable[[int], int | None]) -> int:
    """Run the work on batch after batch, each in a unit of work of its own."""
    batches, after = 0, unit_of_work(work, 0)
    while after is not None:
        batches, after = batches + 1, unit_of_work(work, after)
    return batches
