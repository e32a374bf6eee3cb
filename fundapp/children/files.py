"""What a `Reader` gives: a child's name, its whole file, a guardian, a consent.

Names and numbers are left out of every ``repr``, so they reach no log and no error report.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from fundapp.children.births import Birth
from fundapp.children.likeness import Likeness
from fundapp.children.models import (
    Child,
    ChildMerge,
    Consent,
    DuplicateFinding,
    Guardian,
    TargetGroup,
)
from fundapp.places.models import Subdistrict
from fundapp.remarks.models import Remark
from fundapp.remarks.reader import ShownWords


@dataclass(frozen=True, slots=True)
class ChildName:
    """What a list shows of a child. Empty texts and None where the identity may not be shown."""

    child: Child = field(repr=False)
    is_shown: bool
    is_group_shown: bool = False
    given_name: str = field(repr=False, default="")
    family_name: str = field(repr=False, default="")
    birth_on: date | None = field(repr=False, default=None)
    age: int | None = field(repr=False, default=None)
    birth: Birth | None = field(repr=False, default=None)
    school_name: str = field(repr=False, default="")
    target_group: TargetGroup | None = field(repr=False, default=None)

    @property
    def code(self) -> str:
        """The child's code."""
        return self.child.code

    @property
    def display_name(self) -> str:
        """The full name, or the code where the name may not be shown."""
        return f"{self.given_name} {self.family_name}".strip() or self.code


@dataclass(frozen=True, slots=True)
class ChildFile(ChildName):
    """A child's whole file. Empty texts where the identity may not be shown."""

    id_number: str = field(repr=False, default="")
    subdistrict: Subdistrict | None = field(repr=False, default=None)
    guardian_name: str = field(repr=False, default="")
    guardian_phone: str = field(repr=False, default="")
    consents: tuple["SignedConsent", ...] = ()


@dataclass(frozen=True, slots=True)
class FoundChildren:
    """What a search found: the one child of a number or code, or those of a name."""

    child: Child | None = field(repr=False, default=None)
    names: tuple[ChildName, ...] = field(repr=False, default=())


@dataclass(frozen=True, slots=True)
class SignedConsent:
    """A consent with its signer's name; empty where the identity may not be shown."""

    consent: Consent = field(repr=False)
    signer_name: str = field(repr=False, default="")
    note: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction of a child's file: before and after by the names of `corrections.FACTS`. Nothing
    where that may not be shown or was erased.
    """

    remark: Remark = field(repr=False)
    is_shown: bool
    changes: dict[str, tuple[str, str]] = field(repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class ComparedFiles:
    """A new file and the one that it may be the same as, which is None where the viewer may not see
    it; the words on the two by their digest.
    """

    finding: DuplicateFinding
    file: ChildFile = field(repr=False)
    other: ChildFile | None = field(repr=False)
    words: Mapping[bytes, ShownWords] = field(repr=False)
    reasons: tuple[Likeness, ...]
    merge: ChildMerge | None


@dataclass(frozen=True, slots=True)
class KnownGuardian:
    """A guardian whose other child is being registered."""

    guardian: Guardian = field(repr=False)
    name: str = field(repr=False)
    phone: str = field(repr=False)
