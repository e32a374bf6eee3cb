"""``flask worker``."""

import signal
import threading

import click
from flask.cli import with_appcontext

from fundapp.worker.rounds import work_once, work_until

PAUSE_SECONDS = 5.0


@click.command("worker")
@click.option("--once", is_flag=True, help="Do one round and stop.")
@with_appcontext
def cli(once: bool) -> None:
    """Send messages and fold balances, until interrupted."""
    if once:
        done = work_once()
        click.echo(f"sent {done.mail.sent}, failed {done.mail.failed}")
        return
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    work_until(stop, pause_seconds=PAUSE_SECONDS)
