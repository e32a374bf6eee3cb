"""Registers what of grants two people decide, and what approvers are told of budget lines."""

from flask import Flask

from fundapp.grants.kinds import KINDS
from fundapp.grants.warnings import find_warning
from fundapp.ledger.spending import SPENDING_RULES
from fundapp.proposals.registry import register


def init_app(app: Flask) -> None:
    """Register the kinds, and let requests for help ask about grants."""
    register(*KINDS)
    app.extensions.setdefault(SPENDING_RULES, []).append(find_warning)
