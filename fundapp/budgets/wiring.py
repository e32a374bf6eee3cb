"""Registers what of budgets two people decide."""

from flask import Flask

from fundapp.budgets.kinds import KINDS
from fundapp.proposals.registry import register


def init_app(_app: Flask) -> None:
    """Register the kinds."""
    register(*KINDS)
