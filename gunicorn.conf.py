"""What gunicorn reads from the folder in which it is started."""

import gc
import os
import sys
from typing import Any


def on_starting(server: Any) -> None:
    """Refuse several workers that would each count rate limits alone."""
    store = os.environ.get("RATE_LIMIT_STORAGE_URL", "")
    if server.cfg.workers > 1 and store.startswith("memory:"):
        sys.exit(
            "RATE_LIMIT_STORAGE_URL is memory://, where each worker counts alone, so limits would "
            "not hold; leave it empty to count in the database, or start one worker"
        )


def post_worker_init(_worker: Any) -> None:
    """Set apart what the program has loaded: it stays for good, and looking through it for garbage
    again and again took a fifth of the time of a long matching.
    """
    gc.collect()
    gc.freeze()
