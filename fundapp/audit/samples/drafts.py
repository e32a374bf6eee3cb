"""A sample, and the working paper of an item, before they are rows."""

from dataclasses import dataclass
from datetime import date

from fundapp.audit.samples.models import Confidence, PaperResult, SampleMethod
from fundapp.ledger.models import EntryKind


@dataclass(frozen=True, slots=True)
class Scope:
    """Which entries: of these days, of a kind and fund or of all."""

    from_on: date
    to_on: date
    kind: EntryKind | None = None
    fund_code: str | None = None


@dataclass(frozen=True, slots=True)
class SampleDraft:
    """What is drawn, and how sure one wants to be; amounts in satang."""

    scope: Scope
    method: SampleMethod
    confidence: Confidence
    materiality_satang: int
    expected_satang: int = 0


@dataclass(frozen=True, slots=True)
class PaperDraft:
    """What checking an item came to; of what was not found the error is its whole amount."""

    result: PaperResult
    error_satang: int = 0
    note: str = ""
