"""How the trail names the things that it tells of. Each package names its own: `things.py`.

A page asks a kind once for all events that it shows, so that its queries do not grow with them.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_babel import gettext

from fundapp.access.actors import Actor
from fundapp.trail.models import AuditEvent

#: What was changed, before and after, as people read them.
Change = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Thing:
    """What people call a thing; ``key`` stands for it in the address of its page, where it has
    one.
    """

    name: str
    key: str = ""


class ThingKind(ABC):
    """One kind of thing. ``label`` is a message id, as are the labels of its ``fields``."""

    #: As `AuditEvent.subject_type` has it.
    name: ClassVar[str]
    label: ClassVar[str]
    #: The page that shows one, and what its address calls `Thing.key`.
    endpoint: ClassVar[str] = ""
    argument: ClassVar[str] = "public_id"
    #: What the names in `AuditEvent.changes` are called.
    fields: ClassVar[Mapping[str, str]] = {}

    @abstractmethod
    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """The things with these refs, by ref, as ``viewer`` may name them. Asks as often for many
        as for one.
        """

    def search(self, text: str) -> Collection[str]:
        """The refs of what people call ``text``."""
        return [text]

    def notes(self, events: Sequence[AuditEvent]) -> Mapping[int, str]:
        """The notes of these events as people read them, by event id."""
        return {event.id: self.note(event) for event in events if event.note}

    def note(self, event: AuditEvent) -> str:
        """One note; what is no value of the kind stays as it is."""
        return event.note

    def changes(self, events: Sequence[AuditEvent]) -> Mapping[int, list[Change]]:
        """What these events changed, by event id."""
        return {
            event.id: [
                (self._field(name), self.value(name, before), self.value(name, after))
                for name, (before, after) in event.changes.items()
            ]
            for event in events
        }

    def value(self, name: str, text: str) -> str:
        """A value before or after, as people read it; the empty text is none."""
        return text

    def _field(self, name: str) -> str:
        return gettext(self.fields[name]) if name in self.fields else name


_KINDS: dict[str, ThingKind] = {}


def register(*kinds: ThingKind) -> None:
    """Let the trail name these kinds; done once more it changes nothing."""
    _KINDS.update({kind.name: kind for kind in kinds})


def find_kind(name: str) -> ThingKind | None:
    """The kind of that name, or None."""
    return _KINDS.get(name)


def list_kinds() -> list[ThingKind]:
    """Every kind."""
    return list(_KINDS.values())


def labels() -> dict[str, str]:
    """What every kind is called in the language in use, by name, in the order of the labels."""
    named = {kind.name: gettext(kind.label) for kind in _KINDS.values()}
    return dict(sorted(named.items(), key=lambda item: item[1]))
