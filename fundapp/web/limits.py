"""Rate limits, moving windows per visitor.

``RATE_LIMIT_STORAGE_URL`` names a store that every process shares; without it each process counts
for itself, so then run one process (``make run`` does). Limits are settings, with the production
values as defaults.
"""

from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, strategy="moving-window", default_limits=[])


def setting(name: str) -> str:
    """The limit that the setting ``name`` holds, e.g. ``10 per hour``; read at each request."""
    return str(current_app.config[name])


def init_app(app: Flask) -> None:
    """Set up the limiter."""
    limiter.init_app(app)
