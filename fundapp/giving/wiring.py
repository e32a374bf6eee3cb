"""Sets money in up: what `ledger` asks of it."""

from flask import Flask

from fundapp.giving.queries import find_running_pledges
from fundapp.ledger.obstacles import OBSTACLES


def init_app(app: Flask) -> None:
    """Let `ledger`, which may not import this package, ask for pledges before it closes a fund."""
    app.extensions.setdefault(OBSTACLES, []).append(find_running_pledges)
