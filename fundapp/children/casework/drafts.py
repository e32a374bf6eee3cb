"""What the operations of casework take; nothing of it is checked here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from fundapp.children.casework.models import CaseKind
from fundapp.children.models import LegalCapacity, Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraft:
    """An entry to write; ``words`` are texts by the names of `labels.WORDS`."""

    kind: CaseKind
    on_day: date
    due_on: date | None = None
    is_sensitive: bool = False
    words: Mapping[str, str] = field(repr=False)
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailsDraft:
    """Class, address and household, as texts by the names of `labels.DETAILS`."""

    details: Mapping[str, str] = field(repr=False)
    planned_end_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherGuardianDraft:
    """Another adult."""

    name: str = field(repr=False)
    phone: str = field(repr=False, default="")
    relation: Relation
    capacity: LegalCapacity
