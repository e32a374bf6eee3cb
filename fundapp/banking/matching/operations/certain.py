"""Matching the lines that certainly belong to something, many at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp.access.actors import Actor, require
from fundapp.banking.matching.candidates import Candidate, CandidateKind
from fundapp.banking.matching.operations.matches import match_to
from fundapp.banking.matching.policy import text_of
from fundapp.banking.matching.queries import find_certain
from fundapp.banking.matching.steps import incoming_payment, match_of, record_matches
from fundapp.banking.models import LineStatus, StatementLine
from fundapp.banking.policy import may_match_lines
from fundapp.banking.statement_files.queries import get_statement, list_unmatched_of
from fundapp.db import db, lock_all
from fundapp.errors import DomainError, StaleError
from fundapp.giving.locking import lock_pledges
from fundapp.giving.models import Instalment, Pledge
from fundapp.giving.operations import receive_payments
from fundapp.giving.references import find_references
from fundapp.ledger.queries import first_open_day

#: How many lines one call of `match_certain` looks at: few, because others wait for the receipt
#: counter meanwhile, less than a second.
STEP = 400
#: How many references one query asks for.
_CHUNK = 400


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A certain line that could not be matched, and why (untranslated)."""

    row_number: int
    error: DomainError


@dataclass(frozen=True, slots=True)
class CertainResult:
    """What `match_certain` did with the lines it has seen; ``next_row`` is where to go on in
    the bank's order, None at the end.
    """

    matched: int
    refused: tuple[RefusedLine, ...]
    next_row: int | None
    seen: int = 0


def match_certain(
    statement_public_id: str, *, actor: Actor, after_row: int = 0, step: int | None = STEP
) -> CertainResult:
    """Match the lines of a statement that certainly belong to something; ``step`` None takes all.

    What makes it certain: `candidates`. The oldest comes first, so the first of two payments of one
    instalment gets it. A line that the rules refuse is reported and left; the
    others go on. Call it again with ``after_row`` set to ``next_row`` until that is None. Raises
    ForbiddenError and NotFoundError.
    """
    require(may_match_lines(actor))
    statement = get_statement(statement_public_id)
    rows = list_unmatched_of(statement.id, after_row, step)
    matched, refused, left = 0, [], _lock_unmatched(rows)
    while left:
        # What pays a pledge decides what the next line of that pledge pays: one of each at a time.
        now, later = _one_of_each_pledge(left)
        done, refusals = _match_all(now, actor)
        matched, left = matched + done, later if now else []
        refused += refusals
    is_end = step is None or len(rows) < step
    return CertainResult(matched, tuple(refused), None if is_end else rows[-1][0], len(rows))


def _lock_unmatched(rows: Sequence[tuple[int, StatementLine]]) -> list[StatementLine]:
    """The lines, locked, that still wait, in the order of ``rows``."""
    order = {line.id: row for row, line in rows}
    query = (
        select(StatementLine)
        .where(StatementLine.id.in_(order))
        .order_by(StatementLine.id)
        .options(lazyload(StatementLine.statement))
    )
    waiting = [line for line in lock_all(query) if line.status is LineStatus.UNMATCHED]
    return sorted(waiting, key=lambda line: order[line.id])


def _one_of_each_pledge(
    lines: Sequence[StatementLine],
) -> tuple[dict[StatementLine, Candidate], list[StatementLine]]:
    """The lines that are certain now, one of each pledge, and the lines to look at after them."""
    _lock_pledges(lines)
    certain = find_certain(lines)
    now: dict[StatementLine, Candidate] = {}
    pledges: set[int] = set()
    later = []
    for line in lines:
        candidate = certain.get(line.id)
        if candidate is None:
            continue
        target = candidate.target
        pledge = target.pledge_id if isinstance(target, Instalment) else None
        if pledge in pledges:
            later.append(line)
            continue
        now[line] = candidate
        if pledge is not None:
            pledges.add(pledge)
    return now, later


def _lock_pledges(lines: Sequence[StatementLine]) -> None:
    """Lock the pledges that the lines name, so that nobody pays them meanwhile."""
    references = sorted({each for line in lines for each in find_references(text_of(line))})
    for start in range(0, len(references), _CHUNK):
        named = Instalment.reference.in_(references[start : start + _CHUNK])
        lock_pledges(Pledge.id.in_(select(Instalment.pledge_id).where(named)))


def _match_all(
    certain: dict[StatementLine, Candidate], actor: Actor
) -> tuple[int, list[RefusedLine]]:
    """Match lines together; one by one when the rules refuse one of them."""
    of_pledges = {
        line: candidate
        for line, candidate in certain.items()
        if candidate.kind is CandidateKind.INSTALMENT
    }
    one_by_one = {line: each for line, each in certain.items() if line not in of_pledges}
    matched = 0
    try:
        with db.session.begin_nested():
            _receive_all(of_pledges, actor)
            matched += len(of_pledges)
    except DomainError:
        one_by_one = certain
    outcomes = [_match_one(line, each, actor) for line, each in one_by_one.items()]
    refused = [outcome for outcome in outcomes if isinstance(outcome, RefusedLine)]
    return matched + sum(outcome is True for outcome in outcomes), refused


def _receive_all(certain: dict[StatementLine, Candidate], actor: Actor) -> None:
    """Record the money of many lines, and their matches."""
    days = {day: first_open_day(day) for day in {line.booked_on for line in certain}}
    incomings = [
        replace(
            incoming_payment(line, booked_on=days[line.booked_on]), instalment_reference=each.ref
        )
        for line, each in certain.items()
    ]
    payments = receive_payments(incomings, actor=actor)
    matches = {
        match_of(line, each.reasons, payment_id=payment.id, actor=actor): line
        for (line, each), payment in zip(certain.items(), payments, strict=True)
    }
    record_matches(matches, actor=actor)


def _match_one(line: StatementLine, candidate: Candidate, actor: Actor) -> bool | RefusedLine:
    """Match one line; the refusal of the rules is rolled back alone."""
    row_number, public_id = line.row_number, line.public_id
    try:
        with db.session.begin_nested():
            match_to(public_id, candidate.kind, candidate.ref, candidate.reasons, actor=actor)
    except StaleError:
        return False
    except DomainError as error:
        return RefusedLine(row_number, error)
    return True
