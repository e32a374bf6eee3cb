"""What the trail calls children: by their code, which says nothing of them."""

from collections.abc import Collection, Mapping

from flask_babel import gettext as _
from sqlalchemy import select

from fundapp.access.actors import Actor
from fundapp.children.casework.models import CaseKind
from fundapp.children.codes import parse_code
from fundapp.children.imports.models import ChildImport, ChildImportProfile
from fundapp.children.models import Child, CloseReason, ConsentKind, DuplicateDecision
from fundapp.markers import N_
from fundapp.remarks.encryption import digest_in
from fundapp.trail.models import AuditEvent
from fundapp.trail.queries import rows_by
from fundapp.trail.registry import Thing, ThingKind
from fundapp.web.filters import label, moment


class ChildThing(ThingKind):
    """A child's file."""

    name = "child"
    label = N_("Child")
    endpoint = "children.show"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their codes."""
        rows = rows_by(select(Child.public_id, Child.code), Child.public_id, refs)
        return {public_id: Thing(code, public_id) for public_id, code in rows}

    def search(self, text: str) -> Collection[str]:
        """By code."""
        found = rows_by(select(Child.public_id), Child.code, [parse_code(text) or text])
        return [public_id for (public_id,) in found] or [text]

    def note(self, event: AuditEvent) -> str:
        """The kind of a consent, why a file was closed, what a supervisor decided, what became of a
        look-up.
        """
        value = event.note.partition(" ")[0]
        for labelled in (ConsentKind, CloseReason, DuplicateDecision, CaseKind):
            if value in set(labelled):
                return label(labelled(value))
        if event.action == "children:duplicate:find":
            return _("Why it is another child is encrypted, and shown in the file.")
        if digest_in(event.note) is not None:
            return _("What the file said before and after is encrypted, and shown in the file.")
        if event.note == "nothing found":
            return _("Nothing was found.")
        return event.note


class ChildImportThing(ThingKind):
    """A list of children, by the time at which it was uploaded."""

    name = "child_import"
    label = N_("List of children")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """When they were uploaded."""
        columns = select(ChildImport.public_id, ChildImport.uploaded_at)
        rows = rows_by(columns, ChildImport.public_id, refs)
        return {ref: Thing(moment(at)) for ref, at in rows}


class ChildImportProfileThing(ThingKind):
    """Which columns of a list hold what, under a name."""

    name = "child_import_profile"
    label = N_("Columns of a list of children")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their names."""
        columns = select(ChildImportProfile.name)
        return {ref: Thing(ref) for (ref,) in rows_by(columns, ChildImportProfile.name, refs)}


THINGS = (ChildThing(), ChildImportThing(), ChildImportProfileThing())
