"""What the trail calls conditions and plans of aid."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.aid_plans.models import AidPlan
from fundapp.aid_plans.operations import PLAN_TYPE, RULES_TYPE
from fundapp.ids import readable
from fundapp.markers import N_
from fundapp.trail.queries import rows_by
from fundapp.trail.registry import Thing, ThingKind


class AidRulesThing(ThingKind):
    """Conditions; the trail has the need and the day on which they begin."""

    name = RULES_TYPE
    label = N_("Conditions of aid in instalments")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Both."""
        return {ref: Thing(ref) for ref in refs}


class AidPlanThing(ThingKind):
    """A plan, by its number."""

    name = PLAN_TYPE
    label = N_("Aid in instalments")
    endpoint = "aid_plans.show"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their numbers; the link is for those who see requests."""
        is_linked = viewer.can(Permission.DISBURSEMENT_READ)
        rows = rows_by(select(AidPlan.public_id, AidPlan.id), AidPlan.public_id, refs)
        return {
            public_id: Thing(readable(row_id, "AP"), public_id if is_linked else "")
            for public_id, row_id in rows
        }


THINGS = (AidRulesThing(), AidPlanThing())
