"""Registers what of aid two people decide, holds instalments, and lets pages of requests name the
plan.
"""

from flask import Flask

from fundapp.aid_plans.kinds import KINDS
from fundapp.aid_plans.queries import find_instalment
from fundapp.aid_plans.sentences import find_payment_hold, tell_payment_hold
from fundapp.aid_plans.views import find_approval
from fundapp.disbursements.holds import PAYMENT_HOLDS
from fundapp.proposals.registry import register


def init_app(app: Flask) -> None:
    """Register the kind and the hold, and what templates of packages below this one ask."""
    register(*KINDS)
    app.extensions.setdefault(PAYMENT_HOLDS, []).append(find_payment_hold)
    app.jinja_env.globals.update(
        aid_instalment=find_instalment, aid_hold=tell_payment_hold, aid_to_approve=find_approval
    )
