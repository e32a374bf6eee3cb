"""Advances and clearings before anything is written: plain values."""

from dataclasses import dataclass
from datetime import date

from fundapp.advances.models import AdvanceKind, AdvancePurpose


@dataclass(frozen=True, slots=True)
class AdvanceDraft:
    """Cash of a fund in a cash box that somebody, a public id, is to be given."""

    fund_code: str
    holder: str
    account_code: str
    satang: int
    kind: AdvanceKind
    purpose: AdvancePurpose
    due_on: date


@dataclass(frozen=True, slots=True)
class ClearingDraft:
    """What was spent of an advance, with the public id of its papers ("": none); the rest is paid
    back into the cash box.
    """

    advance: str
    spent_satang: int
    document: str
