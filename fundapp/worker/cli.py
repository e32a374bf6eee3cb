"""``flask worker``."""

import gc
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
    """Send messages, fold balances, seal entries, extend open-ended pledges, remind donors, check
    documents and, by night, the books, until interrupted.
    """
    if not once:
        Rounds(_stopped_by_signals()).work_until_stopped(pause_seconds=PAUSE_SECONDS)
        # Else the interpreter, when it ends, looks through all objects: half a second and more.
        gc.freeze()
        return
    done = Rounds().work_once()
    ways = (done.mail, done.line)
    click.echo(f"sent {sum(way.sent for way in ways)}, failed {sum(way.failed for way in ways)}")
    for name, way in zip(("the mail server", "LINE"), ways, strict=True):
        if way.server_error:
            click.echo(f"{name}: {way.server_error}")


def _stopped_by_signals() -> threading.Event:
    """An event that SIGTERM or SIGINT sets.

    A thread waits for them, not a handler: a handler runs in the thread that waits for the event,
    where it could wait for ever for the event's own lock.
    """
    stop = threading.Event()
    numbers = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, numbers)

    def wait() -> None:
        signal.sigwait(numbers)
        stop.set()

    threading.Thread(target=wait, daemon=True).start()
    return stop
