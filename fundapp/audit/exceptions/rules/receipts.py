"""What stands out among numbers of receipts (pure)."""

import itertools
from collections.abc import Iterator, Sequence

from fundapp.audit.exceptions.rules.base import ExceptionRule, Found, SeenReceipt, Source
from fundapp.markers import N_


def _numbers(receipts: Sequence[SeenReceipt], _limit: int) -> Iterator[Found]:
    for before, after in itertools.pairwise(receipts):
        if after.number != before.number + 1:
            labels = (before.label, after.label)
            yield Found(
                "+".join(labels),
                (before.entry_id, after.entry_id),
                after.satang,
                after.issued_on,
                codes=labels,
            )


RULES = (
    ExceptionRule(
        "numbers",
        N_("Gaps and doubles in receipt numbers"),
        N_(
            "Two receipts that follow each other whose numbers do not, among the newest 2,000 of "
            "the fiscal year of the last day. The database refuses both, so this should be empty."
        ),
        _numbers,
        Source.RECEIPTS,
    ),
)
