"""A finding before it is a row."""

from dataclasses import dataclass
from datetime import date

from fundapp.audit.findings.models import Severity


@dataclass(frozen=True, slots=True)
class FindingDraft:
    """What should be (criteria), what is (condition), why (cause), and what follows (effect); who
    is to answer by which day. ``reference`` is an entry or an item of a sample, or empty.
    """

    severity: Severity
    title: str
    criteria: str
    condition: str
    cause: str
    effect: str
    owner: str
    due_on: date
    reference: str = ""
