"""What the trail calls batches of payouts."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.markers import N_
from fundapp.payouts.models import PayoutBatch
from fundapp.payouts.operations.batches import SUBJECT
from fundapp.trail.queries import rows_by
from fundapp.trail.registry import Thing, ThingKind

_ID, _NUMBER = PayoutBatch.public_id, PayoutBatch.number


class BatchThing(ThingKind):
    """A batch of payouts, by its number."""

    name = SUBJECT
    label = N_("Batch of payouts")
    endpoint = "payouts.show"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their numbers."""
        rows = rows_by(select(_ID, _NUMBER), _ID, refs)
        may_open = viewer.can(Permission.JOURNAL_READ)
        return {
            public_id: Thing(number, public_id if may_open else "") for public_id, number in rows
        }

    def search(self, text: str) -> Collection[str]:
        """By number."""
        found = [public_id for (public_id,) in rows_by(select(_ID), _NUMBER, [text.upper()])]
        return found or [text]


THINGS = (BatchThing(),)
