"""What the trail calls advances."""

from collections.abc import Collection, Mapping

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.advances.models import Advance
from fundapp.db import db
from fundapp.identity.models import User
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.trail.registry import Thing, ThingKind


class AdvanceThing(ThingKind):
    """Cash that somebody of the staff holds."""

    name = "advance"
    label = N_("Advance")
    endpoint = "advances.show"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Who holds it, and how much it is."""
        statement = (
            select(Advance)
            .where(Advance.public_id.in_(refs))
            .options(joinedload(Advance.holder).selectinload(User.roles))
        )
        return {
            advance.public_id: Thing(
                _(
                    "%(person)s, %(amount)s baht",
                    person=advance.holder.display_name,
                    amount=format_baht(advance.amount_satang),
                ),
                advance.public_id if viewer.can(Permission.JOURNAL_READ) else "",
            )
            for advance in db.session.scalars(statement)
        }


THINGS = (AdvanceThing(),)
