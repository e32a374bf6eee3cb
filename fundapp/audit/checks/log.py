"""Checks of the sealed log: its tree, its checkpoints, and that nothing waits for long."""

from collections.abc import Iterator
from datetime import timedelta

from fundapp import clock
from fundapp.audit.checks.base import Check, Violation
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.log.halting import find_halt
from fundapp.ledger.log.queries import list_late_entries, list_unwitnessed, log_size
from fundapp.ledger.log.verifying import find_faults
from fundapp.markers import N_

#: How long an entry may wait for the worker.
LATE_AFTER = timedelta(hours=1)
_MOST = 200
#: How long a witness may take to cosign what was signed.
WITNESSED_AFTER = timedelta(days=1)


def the_log_is_whole() -> Iterator[Violation]:
    """Leaves, tiles and checkpoints are of one tree, and no older than what was signed last.

    The bytes of the entries are compared with their hashes by `ledger.leaf-hashes`.
    """
    if halt := find_halt():
        yield Violation("log", halt)
    for fault in find_faults(read_bytes=False):
        yield Violation("log", fault)


def entries_are_sealed() -> Iterator[Violation]:
    """No entry waits for its place in the log for longer than an hour, once the worker seals."""
    if log_size() == 0:
        return
    for entry_id in list_late_entries(clock.now() - LATE_AFTER, _MOST):
        yield Violation(entry_number(entry_id), "is not sealed yet")


def checkpoints_are_witnessed() -> Iterator[Violation]:
    """Each witness has cosigned what was signed until a day ago."""
    for name, size in list_unwitnessed(clock.now() - WITNESSED_AFTER):
        yield Violation(name, f"has cosigned {size} entries, and none of what was signed after it")


CHECKS = (
    Check("ledger.log", N_("The sealed log is whole, and is what was signed"), the_log_is_whole),
    Check(
        "ledger.sealed",
        N_("Entries are sealed within an hour"),
        entries_are_sealed,
        is_warning=True,
    ),
    Check(
        "ledger.witnessed",
        N_("Witnesses cosign each checkpoint within a day"),
        checkpoints_are_witnessed,
        is_warning=True,
    ),
)
