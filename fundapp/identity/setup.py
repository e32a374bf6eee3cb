"""Puts sign-in, the guard at every door and the workspace's navigation in force."""

from flask import Flask

from fundapp.commands import plain
from fundapp.identity import access, cli, nav, sessions


def init_app(app: Flask) -> None:
    """Wire identity into ``app``."""
    sessions.init_app(app)
    access.init_app(app)
    nav.init_app(app)
    app.cli.add_command(plain(cli.users))
