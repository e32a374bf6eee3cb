"""Sets money in up: what `ledger` and `identity` ask of it, what two people do, and the card
processor, where a key is set.
"""

import importlib

from flask import Flask

from fundapp.giving.gateways.values import GATEWAY
from fundapp.giving.kinds import RefundKind
from fundapp.giving.labels import funds_text
from fundapp.giving.queries import find_running_pledges, is_mailbox_of_donor
from fundapp.giving.receipts.exports import receipt_lines
from fundapp.identity.mailboxes import KNOWN
from fundapp.ledger.log.bundle import add_to_bundle
from fundapp.ledger.obstacles import OBSTACLES
from fundapp.proposals.registry import register


def init_app(app: Flask) -> None:
    """Let packages that may not import this one ask: `ledger` for pledges before it closes a fund,
    `identity` for donors before it sends them a link to sign in. Let cards be taken, and templates
    name funds.
    """
    app.extensions.setdefault(OBSTACLES, []).append(find_running_pledges)
    app.extensions[KNOWN] = is_mailbox_of_donor
    register(RefundKind())
    app.jinja_env.filters["funds_text"] = funds_text
    add_to_bundle(app, "receipts.csv", receipt_lines)
    if app.config.get("STRIPE_SECRET_KEY"):
        # Loaded only where cards are taken: the library takes a fifth of a second.
        stripe = importlib.import_module("fundapp.giving.gateways.stripe")
        app.extensions[GATEWAY] = stripe.StripeGateway(
            app.config["STRIPE_SECRET_KEY"],
            app.config["STRIPE_WEBHOOK_SECRET"],
            app.config["STRIPE_API_BASE"],
        )
