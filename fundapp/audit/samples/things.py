"""What the trail calls samples."""

from collections.abc import Collection, Mapping

from fundapp.access.actors import Actor
from fundapp.markers import N_
from fundapp.trail.registry import Thing, ThingKind


class SampleThing(ThingKind):
    """A sample, by its number."""

    name = "audit_sample"
    label = N_("Sample of an auditor")
    endpoint = "audit.sample"
    argument = "number"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their numbers."""
        return {ref: Thing(ref, ref) for ref in refs}
