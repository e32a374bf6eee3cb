"""What the trail calls phases of the programme."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from fundapp.access.actors import Actor
from fundapp.db import db
from fundapp.markers import N_
from fundapp.programmes.models import ProgrammePhase
from fundapp.trail.registry import Thing, ThingKind
from fundapp.web.locale import localized


class PhaseThing(ThingKind):
    """A phase, by its name of today."""

    name = "programme_phase"
    label = N_("Programme phase")
    endpoint = "programmes.show"
    argument = "public_id"
    fields = {
        "name": N_("Name"),
        "starts_on": N_("First day"),
        "ends_on": N_("Last day"),
        "districts": N_("Districts"),
        "budget": N_("Budget"),
        "targets": N_("Targets"),
        "note": N_("Note"),
    }

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their names."""
        phases = db.session.scalars(
            select(ProgrammePhase).where(ProgrammePhase.public_id.in_(refs))
        )
        return {
            phase.public_id: Thing(localized(phase.newest), phase.public_id) for phase in phases
        }


THINGS = (PhaseThing(),)
