"""What the trail calls packs."""

from collections.abc import Collection, Mapping

from fundapp.access.actors import Actor
from fundapp.markers import N_
from fundapp.trail.registry import Thing, ThingKind


class PackThing(ThingKind):
    """A pack, by its number."""

    name = "audit_pack"
    label = N_("Audit pack")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their numbers."""
        return {ref: Thing(ref) for ref in refs}
