"""Statements that must always hold, by name; each gives the rows that break it.

`run_checks` is what ``flask audit check`` and the page of checks show. The checks read the tables
themselves and trust neither triggers nor the operations that fill them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from fundapp.audit.checks import bank, books, guards, money_in, money_out, people, seals
from fundapp.audit.checks.base import Check, Offence
from fundapp.ledger.exports import begin_snapshot

__all__ = ["CHECKS", "Check", "CheckResult", "Offence", "run_checks"]

#: In the order in which an auditor would read them: the books, what guards them, in, out, bank.
CHECKS: tuple[Check, ...] = (
    *books.CHECKS,
    *seals.CHECKS,
    *guards.CHECKS,
    *money_in.CHECKS,
    *money_out.CHECKS,
    *bank.CHECKS,
    *people.CHECKS,
)

#: A broken rule shows itself in a few rows; nobody reads the ten thousandth.
MOST_OFFENCES = 200


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check and the first `MOST_OFFENCES` rows that break it."""

    check: Check
    offences: tuple[Offence, ...]

    @property
    def is_green(self) -> bool:
        """Whether nothing breaks it."""
        return not self.offences


def run_checks() -> Iterator[CheckResult]:
    """Every check, all on one snapshot of the data, each as soon as it is done."""
    begin_snapshot()
    for check in CHECKS:
        found = []
        for offence in check.find():
            found.append(offence)
            if len(found) == MOST_OFFENCES:
                break
        yield CheckResult(check, tuple(found))
