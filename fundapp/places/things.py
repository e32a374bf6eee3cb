"""What the trail calls the list of places."""

import re
from collections.abc import Collection, Mapping

from flask_babel import gettext as _

from fundapp.access.actors import Actor
from fundapp.markers import N_
from fundapp.trail.models import AuditEvent
from fundapp.trail.registry import Thing, ThingKind

_COUNTS = re.compile(r"(\d+) added, (\d+) changed")


class PlacesThing(ThingKind):
    """The one list."""

    name = "places"
    label = N_("List of places")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """It has no name of its own."""
        return {ref: Thing("") for ref in refs}

    def note(self, event: AuditEvent) -> str:
        """How many places came or changed."""
        found = _COUNTS.fullmatch(event.note)
        if found is None:
            return event.note
        return _("%(added)s added, %(changed)s changed", added=found[1], changed=found[2])


THINGS = (PlacesThing(),)
