"""Proposing a change, taking over a command's, confirming, refusing and withdrawing it."""

from datetime import timedelta

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.errors import StaleError
from fundapp.proposals import errors, queries
from fundapp.proposals.locking import lock_open_proposal
from fundapp.proposals.models import Proposal, ProposalStatus, Values, as_json
from fundapp.proposals.policy import (
    may_decide_proposal,
    may_propose,
    may_take_over,
    may_withdraw,
)
from fundapp.proposals.registry import ProposalKind, find_kind
from fundapp.proposals.resets import may_be_one_person
from fundapp.trail.operations import record_event

#: How long a proposal may wait.
LASTS = timedelta(days=14)


def make_proposal(
    kind_name: str, subject: str, after: Values, *, seen: str | None = None, actor: Actor
) -> Proposal:
    """Propose that ``subject`` becomes as ``after`` says. Nothing is changed yet.

    ``seen`` is what `queries.version_of_values` gave when the actor read the values. Raises
    ForbiddenError, NotFoundError, StaleError when they are others by now, NothingProposedError,
    AlreadyProposedError, and what the kind refuses.
    """
    kind = find_kind(kind_name)
    require(may_propose(actor, kind))
    before = as_json(kind.read(subject))
    if seen is not None and seen != queries.version_of_values(kind.name, subject):
        raise StaleError
    kind.check(subject, after, actor=actor)
    if before == as_json(after):
        raise errors.NothingProposedError
    _make_room(kind, subject, actor)
    proposal = Proposal(
        kind=kind.name,
        subject=subject,
        before_json=before,
        after_json=as_json(after),
        status=ProposalStatus.OPEN,
        proposed_by_id=actor.user_id,
        proposed_at=clock.now(),
        expires_on=clock.today() + LASTS,
    )
    db.session.add(proposal)
    db.session.flush()
    _record("make", proposal, actor)
    return proposal


def take_over_proposal(public_id: str, *, actor: Actor) -> Proposal:
    """Become the proposer of what a command proposed.

    Raises ForbiddenError, NotFoundError, ProposalDecidedError, ProposalExpiredError, and what the
    kind refuses.
    """
    proposal = lock_open_proposal(public_id)
    kind = find_kind(proposal.kind)
    actor = queries.person_now(actor.person_id)
    require(may_take_over(actor, kind, proposal))
    _refuse_expired(proposal)
    kind.check(proposal.subject, proposal.after, actor=actor)
    proposal.proposed_by_id = actor.person_id
    db.session.flush()
    _record("take-over", proposal, actor)
    return proposal


def confirm_proposal(public_id: str, *, actor: Actor) -> Proposal:
    """Confirm what another person proposed, and carry it out.

    Raises ForbiddenError, OwnProposalError, NotTakenOverError, NotFoundError, ProposalDecidedError,
    ProposalExpiredError, ProposalStaleError, ProposerGoneError, ResetBetweenError, and what the
    kind refuses.
    """
    proposal = lock_open_proposal(public_id)
    kind = find_kind(proposal.kind)
    actor = queries.person_now(actor.person_id)
    require(may_decide_proposal(actor, kind))
    if proposal.proposed_by_id is None:
        raise errors.NotTakenOverError
    if proposal.proposed_by_id == actor.user_id:
        raise errors.OwnProposalError
    proposer = queries.person_now(proposal.proposed_by_id)
    if not may_propose(proposer, kind):
        raise errors.ProposerGoneError
    if may_be_one_person(proposer.ref, actor.ref):
        raise errors.ResetBetweenError
    _refuse_expired(proposal)
    if as_json(kind.read(proposal.subject)) != proposal.before_json:
        raise errors.ProposalStaleError
    kind.check(proposal.subject, proposal.after, actor=actor)
    _decide(proposal, ProposalStatus.CONFIRMED, actor)
    _record("confirm", proposal, actor)
    together = Actor(actor.ref, frozenset({kind.applies_with}), actor.user_id)
    kind.apply(proposal, actor=together)
    return proposal


def refuse_proposal(public_id: str, *, actor: Actor) -> Proposal:
    """Refuse what another person, or a command, proposed.

    Raises ForbiddenError, OwnProposalError, NotFoundError, ProposalDecidedError.
    """
    proposal = lock_open_proposal(public_id)
    require(may_decide_proposal(actor, find_kind(proposal.kind)))
    if proposal.proposed_by_id == actor.user_id:
        raise errors.OwnProposalError
    _decide(proposal, ProposalStatus.REFUSED, actor)
    _record("refuse", proposal, actor)
    return proposal


def withdraw_proposal(public_id: str, *, actor: Actor) -> Proposal:
    """Take back what the actor proposed. Raises ForbiddenError, NotFoundError,
    ProposalDecidedError.
    """
    proposal = lock_open_proposal(public_id)
    require(may_withdraw(actor, proposal))
    _decide(proposal, ProposalStatus.WITHDRAWN, actor)
    _record("withdraw", proposal, actor)
    return proposal


def _make_room(kind: ProposalKind, subject: str, actor: Actor) -> None:
    """Note that an open proposal has expired; AlreadyProposedError while it has not."""
    earlier = queries.find_open_proposal(kind.name, subject)
    if earlier is None:
        return
    if not queries.has_expired(earlier):
        raise errors.AlreadyProposedError
    earlier.status = ProposalStatus.EXPIRED
    earlier.decided_at = clock.now()
    db.session.flush()
    _record("expire", earlier, actor)


def _refuse_expired(proposal: Proposal) -> None:
    if queries.has_expired(proposal):
        raise errors.ProposalExpiredError


def _decide(proposal: Proposal, status: ProposalStatus, actor: Actor) -> None:
    proposal.status = status
    proposal.decided_by_id = actor.person_id
    proposal.decided_at = clock.now()
    db.session.flush()


def _record(verb: str, proposal: Proposal, actor: Actor) -> None:
    before, after = proposal.before, proposal.after
    record_event(
        f"proposals:proposal:{verb}",
        actor=actor,
        subject_type="proposal",
        subject_ref=proposal.public_id,
        note=f"{proposal.kind} {proposal.subject}",
        changes={
            name: (before.get(name), after.get(name)) for name in sorted(before.keys() | after)
        },
    )
