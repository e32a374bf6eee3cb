"""What the trail calls rules of exceptions."""

from collections.abc import Collection, Mapping

from flask_babel import gettext as _

from fundapp.access.actors import Actor
from fundapp.audit.exceptions.rules import RULES
from fundapp.markers import N_
from fundapp.remarks.filters import code_text
from fundapp.trail.models import AuditEvent
from fundapp.trail.registry import Thing, ThingKind


class ExceptionThing(ThingKind):
    """The exceptions of a rule."""

    name = "audit_exception"
    label = N_("Exceptions")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """The titles of the rules."""
        titles = {rule.name: rule.title for rule in RULES}
        return {ref: Thing(_(titles[ref]) if ref in titles else ref) for ref in refs}

    def note(self, event: AuditEvent) -> str:
        """The reason's code."""
        return code_text(event.note)
