"""Registers what of the books two people change."""

from flask import Flask

from fundapp.ledger.kinds import KINDS
from fundapp.proposals.registry import register


def init_app(_app: Flask) -> None:
    """Register the kinds."""
    register(*KINDS)
