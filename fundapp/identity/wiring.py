"""Registers sign-in, the check of every request, the navigation and the commands of users."""

from flask import Flask

from fundapp.commands import plain
from fundapp.identity import cli, guard, nav, sessions


def init_app(app: Flask) -> None:
    """Register identity with ``app``."""
    sessions.init_app(app)
    guard.init_app(app)
    nav.init_app(app)
    app.cli.add_command(plain(cli.users))
