"""What gunicorn reads from the folder in which it is started."""

import gc
import os
import sys
from typing import Any

#: The program is loaded once, before the workers are made: they share its memory, which is most of
#: what each needs. A restart brings a new release or new settings in, a reload (HUP) does not.
preload_app = True
_FIRST_PAGES = ("/", "/give", "/sign-in")


def on_starting(server: Any) -> None:
    """Refuse several workers that would each count rate limits alone; leave them nothing that two
    processes must not share.
    """
    store = os.environ.get("RATE_LIMIT_STORAGE_URL", "")
    if server.cfg.workers > 1 and store.startswith("memory:"):
        sys.exit(
            "RATE_LIMIT_STORAGE_URL is memory://, where each worker counts alone, so limits would "
            "not hold; leave it empty to count in the database, or start one worker"
        )

    application = server.app.wsgi()
    if "sqlalchemy" in getattr(application, "extensions", {}):
        _open_pages(application)
        _close_connections(application)
    _set_apart()


def post_worker_init(_worker: Any) -> None:
    """Set apart what this worker has loaded."""
    _set_apart()


def _open_pages(application: Any) -> None:
    """Open the pages that strangers see. What Jinja, SQLAlchemy and Python make of them is then
    shared too, and no visitor waits for it. A database that is away gives pages that say so.
    """
    visitor = application.test_client()
    for path in _FIRST_PAGES:
        visitor.get(path, base_url=application.config["PUBLIC_URL"])


def _close_connections(application: Any) -> None:
    """Close what the program opened at its start: a connection belongs to one process."""
    from fundapp.db import db

    with application.app_context():
        db.engine.dispose()


def _set_apart() -> None:
    """Set apart what the program has loaded: it stays for good. Looking through it for garbage
    again and again took a fifth of the time of a long matching, and a worker that looks through
    shared memory makes it its own.
    """
    gc.collect()
    gc.freeze()
