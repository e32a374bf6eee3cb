"""Registers what of the sealed log two people change."""

from flask import Flask

from fundapp.proposals.registry import register
from fundapp.transparency.kinds import KINDS


def init_app(_app: Flask) -> None:
    """Register the kinds."""
    register(*KINDS)
