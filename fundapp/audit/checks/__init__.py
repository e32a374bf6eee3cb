"""Statements that must always hold, by name; each gives the rows that break it.

`run_checks` is what ``flask audit check`` and the page of checks show. The checks read the tables
themselves and trust neither triggers nor the operations that fill them.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from fundapp import clock
from fundapp.audit.checks import (
    account_checks,
    advances,
    agencies,
    aid_plans,
    auditors,
    bank,
    budgets,
    callbacks,
    campaign_sums,
    card_payments,
    cash,
    committee,
    consents,
    database_rules,
    day_sums,
    documents,
    duplicates,
    files,
    funds,
    grants,
    handovers,
    help_rules,
    help_sums,
    house,
    ledger,
    log,
    marks,
    messages,
    money_in,
    money_out,
    never_below_zero,
    payouts,
    people,
    periods,
    publications,
    refunds,
    remarks,
    resets,
    roles,
    seals,
    sign_in,
    statement_profiles,
    thread,
    vendors,
    waiting_money,
)
from fundapp.audit.checks.base import Check, EntryCheck, Violation
from fundapp.audit.marks import last_proved, list_marks, next_mark
from fundapp.audit.models import CheckState
from fundapp.audit.reading import (
    NOTHING,
    JournalReading,
    ReadingCheck,
    Report,
    Stretch,
    read_entries,
)
from fundapp.db import db

__all__ = ["CHECKS", "Check", "CheckResult", "CheckState", "Run", "Violation", "run_checks"]

AnyCheck = Check | EntryCheck | ReadingCheck

#: In the order in which an auditor would read them: the books, what guards them, in, out, bank.
CHECKS: tuple[AnyCheck, ...] = (
    *ledger.CHECKS,
    *day_sums.CHECKS,
    *periods.CHECKS,
    *funds.CHECKS,
    *never_below_zero.CHECKS,
    *thread.CHECKS,
    *seals.CHECKS,
    *log.CHECKS,
    *marks.CHECKS,
    *database_rules.CHECKS,
    *money_in.CHECKS,
    *money_out.CHECKS,
    *help_rules.CHECKS,
    *help_sums.CHECKS,
    *payouts.CHECKS,
    *account_checks.CHECKS,
    *callbacks.CHECKS,
    *aid_plans.CHECKS,
    *refunds.CHECKS,
    *advances.CHECKS,
    *committee.CHECKS,
    *agencies.CHECKS,
    *budgets.CHECKS,
    *grants.CHECKS,
    *handovers.CHECKS,
    *card_payments.CHECKS,
    *cash.CHECKS,
    *campaign_sums.CHECKS,
    *bank.CHECKS,
    *vendors.CHECKS,
    *waiting_money.CHECKS,
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
    *auditors.CHECKS,
    *documents.CHECKS,
    *files.CHECKS,
    *messages.CHECKS,
)

#: A broken rule shows itself in a few rows; nobody reads the ten thousandth.
MOST_VIOLATIONS = 200


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check, the first `MOST_VIOLATIONS` rows that break it, and how long it took; the reading of
    the journal counts for the first check that asks for it.
    """

    check: AnyCheck
    violations: tuple[Violation, ...]
    took_ms: int = 0

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


@dataclass(slots=True)
class Run:
    """How the checks are run, all on one snapshot, and how far they proved the books.

    ``is_full`` false: those that read entries one by one begin after ``since`` or, without it,
    after the last mark. ``report`` is told how many entries were read, and of how many.
    """

    is_full: bool = True
    since: Stretch | None = None
    report: Report | None = None
    started_at: datetime = field(default_factory=clock.now)
    #: What a mark can be set for, once everything held.
    proved: Stretch | None = None
    reading: JournalReading | None = None

    def find(self, check: AnyCheck) -> Iterable[Violation]:
        """What breaks the check. The journal is read once, for the first check that needs it."""
        if isinstance(check, Check):
            return check.find()
        self.reading = self.reading or self._read()
        if isinstance(check, EntryCheck):
            return self.reading.found[check.name]
        return check.find(self.reading)

    def _read(self) -> JournalReading:
        if self.since is not None:
            return self._read_from(self.since, [])
        start = NOTHING if self.is_full else last_proved()
        stop = next_mark()
        known = [mark.entry_id for mark in list_marks()]
        reading = self._read_from(start, [*known, *([] if stop is None else [stop])])
        if stop is not None and stop not in known:
            self.proved = reading.stretches.get(stop)
        return reading

    def _read_from(self, start: Stretch, stops: list[int]) -> JournalReading:
        return read_entries(
            [check for check in CHECKS if isinstance(check, EntryCheck)],
            start=start,
            stops=stops,
            most=MOST_VIOLATIONS,
            report=self.report,
        )


def run_checks(run: Run | None = None) -> Iterator[CheckResult]:
    """Every check, all on one snapshot of the data, each as soon as it is done."""
    db.session.rollback()  # what follows sees the books as they are now
    run = run or Run()
    for check in CHECKS:
        began = time.perf_counter()
        violations = tuple(islice(run.find(check), MOST_VIOLATIONS))
        yield CheckResult(check, violations, round(1000 * (time.perf_counter() - began)))
