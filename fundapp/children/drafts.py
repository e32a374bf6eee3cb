"""What the operations of children take; nothing of it is checked here.

Names, numbers and what else is encrypted are left out of every ``repr``, so they reach no log and
no error report.
"""

from dataclasses import dataclass, field
from datetime import date

from fundapp.children.births import Birth, Precision
from fundapp.children.models import ConsentKind, LegalCapacity, Relation, TargetGroup
from fundapp.thai.identity_numbers import IdKind


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianDraft:
    """A guardian who is not registered yet."""

    name: str = field(repr=False)
    phone: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentDraft:
    """A consent that somebody signed; ``note`` says why, when the signer holds no parental
    power.
    """

    kind: ConsentKind
    signer_name: str = field(repr=False)
    relation: Relation
    signed_on: date
    expires_on: date | None = None
    capacity: LegalCapacity | None = None
    note: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFacts:
    """What a file says of the child; ``id_number`` is normalised and empty for `IdKind.NONE`;
    ``birth_on`` is estimated where the day is not known.
    """

    given_name: str = field(repr=False)
    family_name: str = field(repr=False, default="")
    birth_on: date = field(repr=False)
    birth_precision: Precision = field(repr=False, default=Precision.DAY)
    id_kind: IdKind = IdKind.NONE
    id_number: str = field(repr=False, default="")
    subdistrict_code: str | None = field(repr=False, default=None)
    school_name: str = field(repr=False, default="")
    target_group: TargetGroup = field(repr=False)

    @property
    def birth(self) -> Birth:
        """The birth date with what of it is known."""
        return Birth(self.birth_on, self.birth_precision)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildDraft:
    """A child to register: with a new guardian, or one the fund knows by public id.

    ``another_child`` says why a file that may be of the same child, which the actor may see, is of
    another one; empty where nobody compared the two.
    """

    facts: ChildFacts
    district_code: str
    guardian: GuardianDraft | str = field(repr=False)
    relation: Relation
    consents: tuple[ConsentDraft, ...]
    another_child: str = field(repr=False, default="")
