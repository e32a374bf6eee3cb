"""What a phase is to say, before it is a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fundapp.children.models import TargetGroup


@dataclass(frozen=True, slots=True)
class TargetDraft:
    """So many children of some groups, in one district or, without a code, in all."""

    children: int
    groups: Sequence[TargetGroup]
    district_code: str = ""


@dataclass(frozen=True, slots=True)
class PhaseDraft:
    """A phase: ``names`` are Thai, English and Malay; ``budget_satang`` 0 means that none was
    set.
    """

    names: tuple[str, str, str]
    starts_on: date
    ends_on: date
    district_codes: Sequence[str]
    targets: Sequence[TargetDraft] = ()
    budget_satang: int = 0
    note: str = ""
