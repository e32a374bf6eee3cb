"""Who may do what with which proposal. Pure."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.proposals.models import Proposal
from fundapp.proposals.registry import ProposalKind


def may_read_proposals(actor: Actor) -> bool:
    """Whether the actor may read what was proposed and decided."""
    return actor.can(Permission.PROPOSAL_READ)


def may_propose(actor: Actor, kind: ProposalKind) -> bool:
    """Whether the actor may propose a change of this kind."""
    return actor.can(kind.propose)


def may_take_over(actor: Actor, kind: ProposalKind, proposal: Proposal) -> bool:
    """Whether the actor may become the proposer of what a command proposed."""
    is_person = actor.user_id is not None
    return is_person and may_propose(actor, kind) and proposal.proposed_by_id is None


def may_decide_proposal(actor: Actor, kind: ProposalKind) -> bool:
    """Whether the actor may confirm or refuse changes of this kind; not the own ones, to be sure,
    which is a refusal with a sentence of its own.
    """
    return actor.user_id is not None and actor.can(kind.confirm)


def may_withdraw(actor: Actor, proposal: Proposal) -> bool:
    """Whether the actor may withdraw it: who proposed it."""
    return actor.user_id is not None and actor.user_id == proposal.proposed_by_id
