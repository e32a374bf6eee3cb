"""With which permissions a command acts, by whether there are people who could confirm."""

from collections.abc import Mapping
from typing import Any

from fundapp.access.actors import COMMAND_LINE, Actor
from fundapp.proposals.models import Proposal
from fundapp.proposals.queries import has_two_administrators
from fundapp.proposals.registry import list_kinds


def command_actor(config: Mapping[str, Any], *, about: str = "") -> Actor:
    """The command line, which sets an installation up alone. Once two administrators may sign in it
    only proposes what needs two people; a demo is set up alone always.

    ``about``: the public id of the person whom the command is about, who is not one of the two.
    """
    if config["DEMO"] or not has_two_administrators(besides=about):
        return COMMAND_LINE
    needs_two = {kind.applies_with for kind in list_kinds()}
    return Actor(COMMAND_LINE.ref, COMMAND_LINE.permissions - needs_two)


def proposed_sentence(proposal: Proposal) -> str:
    """What a command prints that proposed something."""
    return (
        f"Proposed, nothing is changed yet: {proposal.kind} {proposal.subject}. Under Proposals "
        f"one person takes it over and another confirms it, until {proposal.expires_on}."
    )
