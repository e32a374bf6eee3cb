"""The application in service, with a clock that a file sets forward or back while it runs."""

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

import fundapp

#: The environment variable that names the file; in it the seconds by which the clock is wrong.
FILE = "FAULTS_CLOCK_FILE"


class _MovedClock:
    """WSGI: before each request the clock is set as the file says."""

    def __init__(self, application) -> None:
        self.application = application
        self.file = Path(os.environ[FILE])
        self.seconds, self.traveller = 0, None
        self.guard = threading.Lock()

    def __call__(self, environ, start_response):
        self._set()
        return self.application(environ, start_response)

    def _set(self) -> None:
        with self.guard:
            seconds = int(self.file.read_text(encoding="ascii") or 0)
            if seconds == self.seconds:
                return
            if self.traveller:
                self.traveller.stop()
            moment = datetime.now(UTC) + timedelta(seconds=seconds)
            self.traveller = time_machine.travel(moment, tick=True)
            self.traveller.start()
            self.seconds = seconds


def create_app():
    """The application; gunicorn calls it."""
    app = fundapp.create_app()
    app.wsgi_app = _MovedClock(app.wsgi_app)
    return app
