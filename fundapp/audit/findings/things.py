"""What the trail calls findings."""

from collections.abc import Collection, Mapping

from fundapp.access.actors import Actor
from fundapp.markers import N_
from fundapp.trail.registry import Thing, ThingKind


class FindingThing(ThingKind):
    """A finding, by its number."""

    name = "audit_finding"
    label = N_("Finding of an auditor")
    endpoint = "audit.finding"
    argument = "number"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their numbers."""
        return {ref: Thing(ref, ref) for ref in refs}
