"""Plain values of call-backs."""

from dataclasses import dataclass, field
from datetime import date

from fundapp.callbacks.models import CallbackOutcome


@dataclass(frozen=True, slots=True)
class ReceiptRulesDraft:
    """Rules of receipts: per cent of the payments of a month to be called about, and at least how
    many; after how many days without proof of receipt who asked, and then the supervisor, is told.
    """

    starts_on: date
    percent: int
    fewest: int
    overdue_days: int
    supervisor_days: int


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """What a call gave, on which day, with words about it."""

    outcome: CallbackOutcome
    called_on: date
    words: str = field(default="", repr=False)
