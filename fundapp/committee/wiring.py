"""Registers what of the committee two people decide, lets approvals rest on its resolutions, and
pages of requests cite them.
"""

from flask import Flask

from fundapp.committee.endorsing import (
    amount_of_rule,
    cite_resolution,
    cited_number,
    find_refusal,
)
from fundapp.committee.kinds import KINDS
from fundapp.committee.queries import find_resolution
from fundapp.disbursements.endorsements import ENDORSEMENTS, Endorsement
from fundapp.proposals.registry import register


def init_app(app: Flask) -> None:
    """Register the kinds, what an approval rests on, and, for templates of packages below this one,
    `committee_resolution` and `committee_amount`.
    """
    register(*KINDS)
    endorsement = Endorsement(find_refusal, cite_resolution, cited_number)
    app.extensions.setdefault(ENDORSEMENTS, []).append(endorsement)
    app.jinja_env.globals.update(
        committee_resolution=find_resolution, committee_amount=amount_of_rule
    )
