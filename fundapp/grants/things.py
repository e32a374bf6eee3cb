"""What the trail calls grants."""

from collections.abc import Collection, Mapping

from flask_babel import gettext as _
from sqlalchemy import select

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.giving.models import Donor
from fundapp.grants.models import ReceivedGrant, ReportReturnReason
from fundapp.markers import N_
from fundapp.trail.models import AuditEvent
from fundapp.trail.queries import rows_by
from fundapp.trail.registry import Thing, ThingKind
from fundapp.web.filters import label


class GrantThing(ThingKind):
    """A grant, by its grantor and number."""

    name = "grant"
    label = N_("Grant")
    endpoint = "grants.show"
    fields = {"total": N_("Total (baht)"), "ends_on": N_("Last day")}

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their names; to others than those who may read grants only that there is one."""
        if not viewer.can(Permission.GRANT_READ):
            return {ref: Thing(_("Name not shown to your role")) for ref in refs}
        wanted = select(ReceivedGrant.public_id, Donor.name, ReceivedGrant.number).join(
            Donor, Donor.id == ReceivedGrant.donor_id
        )
        return {
            public_id: Thing(f"{name} {number}", public_id)
            for public_id, name, number in rows_by(wanted, ReceivedGrant.public_id, refs)
        }

    def note(self, event: AuditEvent) -> str:
        """Why a report was returned."""
        reasons = {str(reason): reason for reason in ReportReturnReason}
        return label(reasons[event.note]) if event.note in reasons else event.note


THINGS = (GrantThing(),)
