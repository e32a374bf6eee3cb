"""What the trail calls concerns, and the two people who read restricted ones."""

from collections.abc import Collection, Mapping, Sequence

from flask_babel import gettext
from sqlalchemy import select

from fundapp.access.actors import Actor
from fundapp.concerns.models import NUMBER_PREFIX, Concern
from fundapp.concerns.operations import KEEPERS_TYPE
from fundapp.concerns.policy import may_read_concern
from fundapp.concerns.queries import find_keepers
from fundapp.db import db
from fundapp.identity.queries import names_of
from fundapp.ids import from_readable
from fundapp.markers import N_
from fundapp.trail.models import AuditEvent
from fundapp.trail.registry import Change, Thing, ThingKind


class ConcernThing(ThingKind):
    """A concern, by its number; what it is about is on its page alone, which is led to from the
    trail by nobody who may not read it.
    """

    name = "concern"
    label = N_("Complaint or concern")
    endpoint = "concerns.show"
    argument = "number"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their numbers."""
        ids = {from_readable(ref, NUMBER_PREFIX) for ref in refs} - {None}
        keepers = find_keepers()
        readable = {
            concern.number
            for concern in db.session.scalars(select(Concern).where(Concern.id.in_(ids)))
            if may_read_concern(viewer, concern, keepers)
        }
        return {ref: Thing(ref, ref if ref in readable else "") for ref in refs}


class ConcernKeepersThing(ThingKind):
    """The two people who read restricted concerns; there is one such pair."""

    name = KEEPERS_TYPE
    label = N_("Readers of restricted concerns")
    fields = {"people": N_("Two people")}

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """The pair."""
        return {ref: Thing(gettext("Restricted concerns")) for ref in refs}

    def changes(self, events: Sequence[AuditEvent]) -> Mapping[int, list[Change]]:
        """Their names, asked for once."""
        pairs = [pair for event in events for pair in event.changes.values()]
        names = names_of(ref for pair in pairs for text in pair for ref in text.split())

        def told(text: str) -> str:
            return ", ".join(names.get(ref, ref) for ref in text.split())

        label = self._field("people")
        return {
            event.id: [
                (label, told(before), told(after)) for before, after in event.changes.values()
            ]
            for event in events
        }


THINGS = (ConcernThing(), ConcernKeepersThing())
