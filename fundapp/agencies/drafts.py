"""What the operations of agencies take; nothing of it is checked here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from fundapp.agencies.models import AgencyKind, GivenKind, SharedFact
from fundapp.disbursements.models import Need


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyDraft:
    """An agency and its agreement; ``document`` is the public id of the signed paper."""

    name: str
    kind: AgencyKind
    districts: Sequence[str]
    email: str
    phone: str = ""
    document: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralDraft:
    """A need to tell an agency, by its public id, with what it sees and until when."""

    agency: str
    need: Need
    facts: Sequence[SharedFact]
    words: str = field(repr=False)
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenDraft:
    """What an agency gave: satang of money, else pieces, visits or places."""

    kind: GivenKind
    count: int
    on: date
    words: str = field(repr=False, default="")
