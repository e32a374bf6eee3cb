"""What the trail calls publications of figures, and the list of those who keep checkpoints."""

import re
from collections.abc import Collection, Mapping
from datetime import date

from flask_babel import gettext

from fundapp.access.actors import Actor
from fundapp.markers import N_
from fundapp.trail.registry import Thing, ThingKind
from fundapp.web.filters import month

_MONTH = re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])")


class PublicationThing(ThingKind):
    """The figures of a month."""

    name = "publication"
    label = N_("Publication of figures")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """The month and its year."""
        days = {ref: f"{ref}-01" for ref in refs if _MONTH.fullmatch(ref)}
        return {ref: Thing(month(date.fromisoformat(day))) for ref, day in days.items()}


class HoldersThing(ThingKind):
    """Those who are mailed checkpoints; there is one list."""

    name = "checkpoint_holders"
    label = N_("Holders of checkpoints")
    fields = {"addresses": N_("E-mail addresses")}

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """The list."""
        return {ref: Thing(gettext("Checkpoints of the books")) for ref in refs}


THINGS = (PublicationThing(), HoldersThing())
