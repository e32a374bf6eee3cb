"""The check of marks: what was proved is still what it was."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Violation
from fundapp.audit.marks import is_ours, list_marks, stretch_of
from fundapp.audit.reading import JournalReading, ReadingCheck
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


CHECKS = (
    ReadingCheck(
        "ledger.marks",
        N_("What was proved in a night before is still what it was."),
        marks_hold,
    ),
)
