"""What the trail calls rules of receipts, months that were drawn, and call-backs."""

from collections.abc import Collection, Mapping
from datetime import date

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.callbacks.operations import CALLBACK_TYPE, DRAW_TYPE, RULES_TYPE
from fundapp.markers import N_
from fundapp.trail.registry import Thing, ThingKind
from fundapp.web.filters import day, month_short


class ReceiptRulesThing(ThingKind):
    """Rules of receipts; the trail has the day on which they begin."""

    name = RULES_TYPE
    label = N_("Rules of call-backs and overdue proofs")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """That day."""
        return {ref: Thing(day(date.fromisoformat(ref))) for ref in refs}


class CallbackDrawThing(ThingKind):
    """A month that was drawn."""

    name = DRAW_TYPE
    label = N_("Payments drawn for call-backs")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Its month."""
        return {ref: Thing(month_short(date.fromisoformat(f"{ref}-01"))) for ref in refs}


class CallbackThing(ThingKind):
    """A payment that was drawn, by the number of its call-back."""

    name = CALLBACK_TYPE
    label = N_("Call-back")
    endpoint = "callbacks.show"
    argument = "number"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """The number; the link is for those who see requests."""
        is_linked = viewer.can(Permission.DISBURSEMENT_READ)
        return {ref: Thing(ref, ref if is_linked else "") for ref in refs}


THINGS = (ReceiptRulesThing(), CallbackDrawThing(), CallbackThing())
