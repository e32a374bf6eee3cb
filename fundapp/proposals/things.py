"""What the trail calls proposals, and what they change: as their kinds say."""

from collections.abc import Collection, Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp.access.actors import Actor
from fundapp.markers import N_
from fundapp.proposals.models import Proposal
from fundapp.proposals.registry import by_kind, compare
from fundapp.trail.models import AuditEvent
from fundapp.trail.queries import rows_by
from fundapp.trail.registry import Change, Thing, ThingKind


class ProposalThing(ThingKind):
    """A proposal, by its kind and what it changes."""

    name = "proposal"
    label = N_("Proposal")
    endpoint = "proposals.show"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Opening a fund: ZAKAT."""
        found = {}
        for kind, proposals in by_kind(_proposals(refs)):
            subjects = kind.trail_labels({proposal.subject for proposal in proposals})
            for proposal in proposals:
                subject = subjects.get(proposal.subject, proposal.subject)
                name = f"{_(kind.title)}: {subject}"
                found[proposal.public_id] = Thing(name, proposal.public_id)
        return found

    def notes(self, events: Sequence[AuditEvent]) -> Mapping[int, str]:
        """None: the name says it."""
        return {}

    def changes(self, events: Sequence[AuditEvent]) -> Mapping[int, list[Change]]:
        """The values that were proposed, as the page of the proposal has them."""
        rows: dict[str, list[Change]] = {}
        for kind, proposals in by_kind(_proposals({event.subject_ref for event in events})):
            both = [values for each in proposals for values in (each.before, each.after)]
            written = kind.rows_of(both)
            for index, proposal in enumerate(proposals):
                before, after = written[2 * index : 2 * index + 2]
                rows[proposal.public_id] = [
                    change for change in compare(before, after) if change[1] != change[2]
                ]
        return {event.id: rows.get(event.subject_ref, []) for event in events}


THINGS = (ProposalThing(),)


def _proposals(refs: Collection[str]) -> list[Proposal]:
    statement = select(Proposal).options(lazyload("*"))
    return [proposal for (proposal,) in rows_by(statement, Proposal.public_id, refs)]
