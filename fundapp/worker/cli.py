"""``flask worker``."""

import signal
import threading

import click
from flask.cli import with_appcontext

from fundapp.worker.rounds import Rounds

PAUSE_SECONDS = 5.0


@click.command("worker")
@click.option("--once", is_flag=True, help="Do one round and stop.")
@with_appcontext
def cli(once: bool) -> None:
    """Send messages, fold balances, extend open-ended pledges and check the files of documents,
    until interrupted.
    """
    rounds = Rounds()
    if once:
        result = rounds.work_once()
        click.echo(f"sent {result.mail.sent}, failed {result.mail.failed}")
        return
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    rounds.work_until(stop, pause_seconds=PAUSE_SECONDS)
