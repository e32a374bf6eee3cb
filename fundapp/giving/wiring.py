"""Sets money in up: what `ledger` and `identity` ask of it."""

from flask import Flask

from fundapp.giving.queries import find_running_pledges, is_mailbox_of_donor
from fundapp.identity.mailboxes import KNOWN
from fundapp.ledger.obstacles import OBSTACLES


def init_app(app: Flask) -> None:
    """Let packages that may not import this one ask: `ledger` for pledges before it closes a fund,
    `identity` for donors before it sends them a link to sign in.
    """
    app.extensions.setdefault(OBSTACLES, []).append(find_running_pledges)
    app.extensions[KNOWN] = is_mailbox_of_donor
