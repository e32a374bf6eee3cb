"""Lets `disbursements` know which requests wait in a batch."""

from flask import Flask

from fundapp.disbursements.holds import HOLDS
from fundapp.payouts.queries import find_hold


def init_app(app: Flask) -> None:
    """Register what holds a request."""
    app.extensions.setdefault(HOLDS, []).append(find_hold)
