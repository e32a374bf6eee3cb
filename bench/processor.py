"""Processor time of what answers: this process, and the database server's beside it."""

import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from fundapp.db import db, is_postgresql

#: Seconds of processor time so far; it hardly depends on how busy the machine is.
Clock = Callable[[], float]
_NANO = 1e-9
_BACKENDS = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")


def clock_of(app: Flask) -> Clock:
    """The clock of an application whose pages are opened in this process, and have been before. A
    PostgreSQL server on this machine is counted by the processes that now hold connections to the
    database; one elsewhere is not.
    """
    with app.app_context():
        if not is_postgresql():
            return time.process_time
        backends = [Path(f"/proc/{pid}/schedstat") for pid in db.session.scalars(_BACKENDS)]
        db.session.remove()
    return lambda: time.process_time() + sum(map(_seconds_of, backends))


def _seconds_of(schedstat: Path) -> float:
    """What a process has used; 0 for one that has ended, or is of another machine."""
    try:
        return int(schedstat.read_text().split()[0]) * _NANO
    except OSError:
        return 0.0
