"""Which lines certainly belong to something: read for many lines at a time, with few queries."""

from collections.abc import Sequence

from fundapp.banking.matching.candidates import Candidate, CandidateKind, ranked
from fundapp.banking.matching.policy import charge_of, text_of, vouchers_in
from fundapp.banking.matching.queries.candidates import (
    by_reference,
    named_instalments,
    payout_candidates,
)
from fundapp.banking.matching.queries.payments import known_payments, recorded_payments
from fundapp.banking.models import LineStatus, StatementLine
from fundapp.banking.statement_files.queries import list_unmatched_of

#: How many lines are looked at together.
_CHUNK = 400


def find_certain(lines: Sequence[StatementLine]) -> dict[int, Candidate]:
    """The only thing that the text of each line names, with nothing that speaks against it, by the
    id of the line; each thing for one line.
    """
    unmatched = [line for line in lines if line.status is LineStatus.UNMATCHED]
    named = named_instalments([line for line in unmatched if line.deposit_satang])
    recorded = recorded_payments([line for line in unmatched if named.get(line.id)], named)
    known = known_payments(named)
    by_line: dict[int, Candidate] = {}
    taken: set[tuple[CandidateKind, str]] = set()
    for line in unmatched:
        if line.deposit_satang:
            candidates = [*by_reference(line, named, known), *recorded.get(line.id, [])]
        elif vouchers_in(text_of(line)):
            candidates = payout_candidates(line)
        else:
            continue
        certain = next((each for each in ranked(candidates, 8) if each.is_certain), None)
        if certain is None or charge_of(line) is not None:
            continue
        if (certain.kind, certain.ref) not in taken:
            by_line[line.id] = certain
            taken.add((certain.kind, certain.ref))
    return by_line


def count_certain(statement_id: int) -> int:
    """How many lines of a statement `find_certain` finds something for."""
    lines = [line for _row, line in list_unmatched_of(statement_id)]
    return sum(
        len(find_certain(lines[start : start + _CHUNK])) for start in range(0, len(lines), _CHUNK)
    )
