"""Puts sign-in, the guard of every request and the workspace's navigation in force."""

from flask import Flask

from fundapp.commands import plain
from fundapp.identity import cli, guard, nav, sessions


def init_app(app: Flask) -> None:
    """Wire identity into ``app``."""
    sessions.init_app(app)
    guard.init_app(app)
    nav.init_app(app)
    app.cli.add_command(plain(cli.users))
