"""What the trail calls concerns."""

from collections.abc import Collection, Mapping

from fundapp.access.actors import Actor
from fundapp.markers import N_
from fundapp.trail.registry import Thing, ThingKind


class ConcernThing(ThingKind):
    """A concern, by its number; what it is about is on its page alone."""

    name = "concern"
    label = N_("Complaint or concern")
    endpoint = "concerns.show"
    argument = "number"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their numbers."""
        return {ref: Thing(ref, ref) for ref in refs}


THINGS = (ConcernThing(),)
