"""Registers what of receipts two people decide."""

from flask import Flask

from fundapp.callbacks.kinds import KINDS
from fundapp.proposals.registry import register


def init_app(_app: Flask) -> None:
    """Register the kind."""
    register(*KINDS)
