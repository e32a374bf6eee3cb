"""Row locks of proposals, held until the unit of work ends."""

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp.db import lock
from fundapp.errors import NotFoundError
from fundapp.proposals.errors import ProposalDecidedError
from fundapp.proposals.models import Proposal


def lock_open_proposal(public_id: str) -> Proposal:
    """The proposal, locked. Raises NotFoundError, ProposalDecidedError."""
    statement = select(Proposal).where(Proposal.public_id == public_id)
    # PostgreSQL cannot lock the optional side of an outer join.
    proposal = lock(statement.options(lazyload(Proposal.proposer), lazyload(Proposal.decider)))
    if proposal is None:
        raise NotFoundError
    if not proposal.is_open:
        raise ProposalDecidedError
    return proposal
