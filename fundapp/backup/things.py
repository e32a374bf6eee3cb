"""What the trail calls backups."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime

from flask_babel import gettext as _

from fundapp.access.actors import Actor
from fundapp.markers import N_
from fundapp.trail.models import AuditEvent
from fundapp.trail.registry import Thing, ThingKind
from fundapp.web.filters import moment

_FILES = re.compile(r"(\d+) files")
_MADE = re.compile(r"made (\S+)")
#: As many characters of the hash of its list of files tell one backup from another.
_SHOWN = 12


class BackupThing(ThingKind):
    """A backup, by the beginning of the hash of its list of files."""

    name = "backup"
    label = N_("Backup")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Beginnings of hashes."""
        return {ref: Thing(ref[:_SHOWN]) for ref in refs}

    def note(self, event: AuditEvent) -> str:
        """How many files it has, or when it was made."""
        if found := _FILES.fullmatch(event.note):
            return _("Files: %(count)s", count=found[1])
        if found := _MADE.fullmatch(event.note):
            return _("Made %(when)s", when=moment(datetime.fromisoformat(found[1])))
        return event.note


THINGS = (BackupThing(),)
