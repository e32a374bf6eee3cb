"""What a `Reader` gives of casework. Words are left out of every ``repr``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from fundapp.children.casework.models import CaseEntry, ChildMove, FurtherGuardian
from fundapp.children.handovers.reader import ShownHandover
from fundapp.documents.models import Document


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry; without words where they may not be shown."""

    entry: CaseEntry
    is_shown: bool
    words: Mapping[str, str] = field(repr=False, default_factory=dict)
    outcome: str = field(repr=False, default="")
    photos: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownGuardian:
    """Another adult with name and telephone."""

    guardian: FurtherGuardian
    name: str = field(repr=False)
    phone: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShownMove:
    """A move with what the next one should know."""

    move: ChildMove
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Casework:
    """Everything of casework of one child: entries newest first."""

    entries: tuple[ShownEntry, ...]
    details: Mapping[str, str] = field(repr=False)
    planned_end_on: date | None
    guardians: tuple[ShownGuardian, ...] = ()
    moves: tuple[ShownMove, ...] = ()
    handovers: tuple[ShownHandover, ...] = ()
