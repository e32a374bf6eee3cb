"""The checks of marks and stored runs: what was proved is still what it was."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation
from fundapp.audit.marks import is_ours, list_marks, stretch_of
from fundapp.audit.reading import JournalReading, ReadingCheck
from fundapp.audit.run_proofs import find_unproved
from fundapp.crypto import find_wrong_keys
from fundapp.ledger.drafts import entry_number
from fundapp.markers import N_


def marks_hold(reading: JournalReading) -> Iterator[Violation]:
    """Each mark was set by this program, and the entries up to it are those it was set for. Marks
    before the one with which the reading began are only looked at, not counted again; so are all,
    where it began after a checkpoint.
    """
    keys_are_right = not find_wrong_keys()
    for mark in list_marks():
        number = entry_number(mark.entry_id)
        if keys_are_right and not is_ours(mark):
            yield Violation(number, "is a mark that this program did not set")
        passed = reading.stretches.get(mark.entry_id)
        if passed is not None and passed != stretch_of(mark):
            problem = (
                f"the {mark.entry_count} entries up to it were proved, and are not what they were:"
                f" there are {passed.entry_count} now"
            )
            yield Violation(number, problem)


#: Those of two months: the results of older ones are hardly read any more.
_RUNS = 60


def runs_hold() -> Iterator[Violation]:
    """Each run of the checks is as this program stored it."""
    if find_wrong_keys():
        return
    for run in find_unproved(_RUNS):
        problem = "is a run of the checks that this program did not store as it is now"
        yield Violation(f"{run.ended_at:%Y-%m-%dT%H:%M:%SZ}", problem)


CHECKS = (
    ReadingCheck(
        "ledger.marks",
        N_("What was proved in a night before is still what it was."),
        marks_hold,
    ),
    Check(
        "audit.runs",
        N_("What a run of the checks came to is still what this program stored."),
        runs_hold,
    ),
)
