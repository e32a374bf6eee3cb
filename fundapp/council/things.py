"""What the trail calls the figures of the council."""

from collections.abc import Collection, Mapping
from datetime import date

from fundapp.access.actors import Actor
from fundapp.markers import N_
from fundapp.trail.registry import Thing, ThingKind
from fundapp.web.filters import day


class CouncilReportThing(ThingKind):
    """The figures of a day."""

    name = "council_report"
    label = N_("Figures of the council")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their days."""
        return {ref: Thing(day(date.fromisoformat(ref))) for ref in refs}


THINGS = (CouncilReportThing(),)
