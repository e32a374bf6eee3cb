"""What the trail calls meetings, orders and rules of the committee."""

from collections.abc import Collection, Mapping

from flask_babel import gettext as _
from sqlalchemy import select

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.committee.models import CommitteeMeeting, CommitteeOrder, CommitteeRule
from fundapp.db import db
from fundapp.markers import N_
from fundapp.trail.registry import Thing, ThingKind
from fundapp.web.filters import day


class OrderThing(ThingKind):
    """An appointment order; the trail has its number."""

    name = "committee-order"
    label = N_("Appointment order of the committee")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Its number."""
        statement = select(CommitteeOrder.number).where(CommitteeOrder.number.in_(refs))
        return {number: Thing(number) for number in db.session.scalars(statement)}


class RuleThing(ThingKind):
    """From which amount on a resolution is needed; the trail has its first day."""

    name = "committee-rule"
    label = N_("Rule of the committee")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """The day from which on it holds."""
        found = {}
        for starts_on in db.session.scalars(select(CommitteeRule.starts_on)):
            if (ref := starts_on.isoformat()) in refs:
                found[ref] = Thing(_("from %(day)s", day=day(starts_on)))
        return found


class MeetingThing(ThingKind):
    """A meeting."""

    name = "committee-meeting"
    label = N_("Meeting of the committee")
    endpoint = "committee.meeting"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Its number in the fiscal year."""
        columns = CommitteeMeeting.public_id, CommitteeMeeting.number, CommitteeMeeting.fiscal_year
        statement = select(*columns).where(CommitteeMeeting.public_id.in_(refs))
        may_read = viewer.can(Permission.COMMITTEE_READ)
        return {
            ref: Thing(_("Meeting %(number)s", number=f"{number}/{year}"), ref if may_read else "")
            for ref, number, year in db.session.execute(statement)
        }


THINGS = (OrderThing(), RuleThing(), MeetingThing())
