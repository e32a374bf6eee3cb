"""What the trail calls letters."""

from collections.abc import Collection, Mapping

from fundapp.access.actors import Actor
from fundapp.markers import N_
from fundapp.trail.registry import Thing, ThingKind


class LetterThing(ThingKind):
    """A confirmation letter, by its number."""

    name = "audit_letter"
    label = N_("Confirmation letter")
    endpoint = "audit.letter"
    argument = "number"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their numbers."""
        return {ref: Thing(ref, ref) for ref in refs}
