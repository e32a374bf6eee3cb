"""What the trail calls reasons and notes."""

from collections.abc import Collection, Mapping

from fundapp.access.actors import Actor
from fundapp.markers import N_
from fundapp.trail.registry import Thing, ThingKind


class RemarkThing(ThingKind):
    """A reason or a note, by its number."""

    name = "remark"
    label = N_("Reason or note")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their numbers."""
        return {ref: Thing(ref) for ref in refs}


THINGS = (RemarkThing(),)
