"""Lets the demo's links to sign in be followed."""

from flask import Flask

from demo.folder import folder_of
from demo.mailbox import DemoMailer


def init_app(app: Flask) -> None:
    """Hand messages over to the demo's mailer; never in service, and not with a mail server."""
    if app.config["DEMO"] and not app.config["SMTP_URL"]:
        app.config["DEMO_MAILER"] = DemoMailer(folder_of(app))
