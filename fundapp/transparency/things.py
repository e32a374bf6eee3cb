"""What the trail calls publications of figures."""

from collections.abc import Collection, Mapping
from datetime import date

from fundapp.access.actors import Actor
from fundapp.markers import N_
from fundapp.trail.registry import Thing, ThingKind
from fundapp.web.filters import month


class PublicationThing(ThingKind):
    """The figures of a month."""

    name = "publication"
    label = N_("Publication of figures")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """The month and its year."""
        return {ref: Thing(month(date.fromisoformat(f"{ref}-01"))) for ref in refs}


THINGS = (PublicationThing(),)
