"""``flask mail …``: what mail servers report, from the command line."""

import click
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE
from fundapp.mail.batches import read_bounces as read_all

cli = AppGroup("mail", help="Messages that came back.")


@cli.command("read-bounces")
@click.argument("path", default="-")
def read_bounces(path: str) -> None:
    """Read reports of messages that could not be delivered, from an mbox, a maildir, a file of one
    message or standard input (-).

    Each report counts once, so the same mailbox may be read again; it is not changed.
    """
    try:
        done = read_all(path, actor=COMMAND_LINE)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror or error}") from error
    click.echo(f"read {done.read}, came back {done.noted}")
