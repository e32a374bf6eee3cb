"""Registers sign-in, the check of every request, the navigation and the commands of users."""

from flask import Flask

from fundapp.commands import plain
from fundapp.identity import cli, guard, kinds, nav, sessions
from fundapp.proposals.registry import register


def init_app(app: Flask) -> None:
    """Register identity with ``app``."""
    sessions.init_app(app)
    guard.init_app(app)
    nav.init_app(app)
    register(*kinds.KINDS)
    app.cli.add_command(plain(cli.users))
