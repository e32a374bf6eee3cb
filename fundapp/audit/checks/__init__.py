"""Statements that must always hold, by name; each gives the rows that break it.

`run_checks` is what ``flask audit check`` and the page of checks show. The checks read the tables
themselves and trust neither triggers nor the operations that fill them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from fundapp.audit.checks import (
    bank,
    consents,
    database_rules,
    documents,
    duplicates,
    files,
    funds,
    house,
    ledger,
    messages,
    money_in,
    money_out,
    never_below_zero,
    people,
    publications,
    remarks,
    resets,
    roles,
    seals,
    sign_in,
    statement_profiles,
)
from fundapp.audit.checks.base import Check, Violation
from fundapp.db import db
from fundapp.labels import LabelledEnum
from fundapp.markers import N_

__all__ = ["CHECKS", "Check", "CheckResult", "CheckState", "Violation", "run_checks"]

#: In the order in which an auditor would read them: the books, what guards them, in, out, bank.
CHECKS: tuple[Check, ...] = (
    *ledger.CHECKS,
    *funds.CHECKS,
    *never_below_zero.CHECKS,
    *seals.CHECKS,
    *database_rules.CHECKS,
    *money_in.CHECKS,
    *money_out.CHECKS,
    *bank.CHECKS,
    *statement_profiles.CHECKS,
    *people.CHECKS,
    *sign_in.CHECKS,
    *resets.CHECKS,
    *publications.CHECKS,
    *consents.CHECKS,
    *duplicates.CHECKS,
    *remarks.CHECKS,
    *roles.CHECKS,
    *house.CHECKS,
    *documents.CHECKS,
    *files.CHECKS,
    *messages.CHECKS,
)

#: A broken rule shows itself in a few rows; nobody reads the ten thousandth.
MOST_VIOLATIONS = 200


class CheckState(LabelledEnum):
    """Holds; is broken, by something that needs attention; is broken."""

    GREEN = "green", N_("Passed"), "good"
    YELLOW = "yellow", N_("Needs attention"), "warn"
    RED = "red", N_("Failed"), "bad"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check and the first `MOST_VIOLATIONS` rows that break it."""

    check: Check
    violations: tuple[Violation, ...]

    @property
    def state(self) -> CheckState:
        """Green when nothing breaks it."""
        if not self.violations:
            return CheckState.GREEN
        return CheckState.YELLOW if self.check.is_warning else CheckState.RED

    @property
    def is_green(self) -> bool:
        """Whether nothing breaks it."""
        return not self.violations


def run_checks() -> Iterator[CheckResult]:
    """Every check, all on one snapshot of the data, each as soon as it is done."""
    db.session.rollback()  # what follows sees the books as they are now
    for check in CHECKS:
        shown = []
        for violation in check.find():
            shown.append(violation)
            if len(shown) == MOST_VIOLATIONS:
                break
        yield CheckResult(check, tuple(shown))
