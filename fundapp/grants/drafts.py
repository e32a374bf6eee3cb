"""Grants and their parts before they are written: plain values. Amounts are satang."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fundapp.grants.models import LineRule


@dataclass(frozen=True, slots=True)
class GrantDraft:
    """What an agreement says. ``donor`` is the public id of the grantor."""

    donor: str
    fund_code: str
    number: str
    title: str
    signed_on: date
    starts_on: date
    ends_on: date
    total_satang: int


@dataclass(frozen=True, slots=True)
class GrantLineDraft:
    """A budget line: a kind of expense in a fiscal year (B.E.), and what overspending it does."""

    account_code: str
    fiscal_year: int
    satang: int
    rule: LineRule


@dataclass(frozen=True, slots=True)
class InstalmentDraft:
    """Money that the grantor is to send by a day, and what that depends on."""

    due_on: date
    satang: int
    condition: str = ""


@dataclass(frozen=True, slots=True)
class ConditionDraft:
    """Something that the agreement asks of the fund by a day."""

    due_on: date
    text: str


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """A report that is owed by a day, about some days of the grant."""

    from_on: date
    to_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class AmendmentDraft:
    """What an amendment says: the last day, and every budget line as it is from then on.
    ``document`` is the public id of its paper.
    """

    signed_on: date
    ends_on: date
    lines: Sequence[GrantLineDraft]
    document: str


#: A part of a grant.
PartDraft = GrantLineDraft | InstalmentDraft | ConditionDraft | ReportDraft
