"""Registers what of advances two people decide, and that open ones keep a fund from closing."""

from flask import Flask

from fundapp.advances.kinds import KINDS
from fundapp.advances.queries import find_advances_of_fund
from fundapp.ledger.obstacles import OBSTACLES
from fundapp.proposals.registry import register


def init_app(app: Flask) -> None:
    """Register the kinds and the obstacle."""
    register(*KINDS)
    app.extensions.setdefault(OBSTACLES, []).append(find_advances_of_fund)
