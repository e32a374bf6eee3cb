"""Plain values of aid in instalments."""

from dataclasses import dataclass
from datetime import date

from fundapp.aid_plans.models import AidTermKind
from fundapp.disbursements.models import Need


@dataclass(frozen=True, slots=True)
class AidRulesDraft:
    """The conditions of a need from a day on. ``percent``: attendance of at least so many per
    cent; None: attendance is no condition.
    """

    need: Need
    starts_on: date
    percent: int | None
    others: frozenset[AidTermKind]

    @property
    def terms(self) -> list[tuple[AidTermKind, int | None]]:
        """Kind and per cent of each condition, in the order of the kinds."""
        first = [(AidTermKind.ATTENDANCE, self.percent)] if self.percent is not None else []
        return [*first, *((kind, None) for kind in AidTermKind if kind in self.others)]


@dataclass(frozen=True, slots=True)
class SplitDraft:
    """How a request becomes the first of so many instalments, so many months from each other."""

    count: int
    first_on: date
    months: int
