"""Registers what of the committee two people decide, and lets pages of requests cite it."""

from flask import Flask

from fundapp.committee.kinds import KINDS
from fundapp.committee.queries import find_resolution
from fundapp.proposals.registry import register


def init_app(app: Flask) -> None:
    """Register the kind, and `committee_resolution` for templates of packages below this one."""
    register(*KINDS)
    app.jinja_env.globals.update(committee_resolution=find_resolution)
