"""What the trail calls agencies and referrals."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.agencies.models import Agency
from fundapp.db import db
from fundapp.markers import N_
from fundapp.trail.registry import Thing, ThingKind


class AgencyThing(ThingKind):
    """An agency."""

    name = "agency"
    label = N_("Partner agency")
    endpoint = "agencies.show"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Its name."""
        statement = select(Agency.public_id, Agency.name).where(Agency.public_id.in_(refs))
        may_read = viewer.can(Permission.AGENCY_READ)
        return {
            ref: Thing(name, ref if may_read else "") for ref, name in db.session.execute(statement)
        }


class ReferralThing(ThingKind):
    """A referral, by its number; whom it is about is on its page alone."""

    name = "referral"
    label = N_("Referral to an agency")
    endpoint = "agencies.referral"
    argument = "number"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their numbers."""
        may_read = viewer.can(Permission.REFERRAL_READ)
        return {ref: Thing(ref, ref if may_read else "") for ref in refs}


THINGS = (AgencyThing(), ReferralThing())
