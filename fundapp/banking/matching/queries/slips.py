"""Slips that donors sent, beside the lines of the bank that they may be of."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, text

from fundapp import clock
from fundapp.banking.matching.candidates import Candidate, instalment_by_slip, is_kept_elsewhere
from fundapp.banking.matching.policy import text_of
from fundapp.banking.models import IS_OPEN, StatementLine
from fundapp.db import db
from fundapp.giving.models import Slip
from fundapp.giving.reader import trans_ref_of
from fundapp.giving.references import find_references
from fundapp.giving.slips.queries import find_twins, list_slips_to_compare

#: Days between the transfer and its slip, and from the slip to the bank's day.
BEFORE, AFTER = timedelta(days=14), timedelta(days=4)
#: A shorter reference of a bank may stand in a text by chance.
_SHORTEST = 8


def slip_candidates(lines: Sequence[StatementLine]) -> dict[int, list[Candidate]]:
    """The instalments whose waiting slips may be of these deposits, by the id of the line."""
    slips = list_slips_to_compare() if lines else []
    if not slips:
        return {}
    trans_refs = {slip.id: trans_ref_of(slip) for slip in slips}
    found: list[tuple[StatementLine, Slip, bool]] = []
    for line in lines:
        words = text_of(line)
        references = find_references(words)
        for slip in slips:
            own = trans_refs[slip.id]
            is_named = len(own) >= _SHORTEST and own in words
            if is_named or _may_be_of(line, slip, references):
                found.append((line, slip, is_named))
    twins = find_twins([slip for _line, slip, _named in found])
    by_line: dict[int, list[Candidate]] = {}
    for line, slip, is_named in found:
        is_twice = slip.id in twins and slip.instalment.reference not in text_of(line)
        candidate = instalment_by_slip(line, slip, is_named=is_named, is_twice=is_twice)
        by_line.setdefault(line.id, []).append(candidate)
    return by_line


def list_lines_of_slip(slip: Slip, limit: int = 10) -> list[StatementLine]:
    """Open deposits of the amount that the slip's instalment still takes, about the day of the
    slip and in an account of its fund, the nearest first.
    """
    sent_on = clock.local_day(slip.sent_at)
    query = select(StatementLine).where(
        # In the words of the index of open lines, so that it is used.
        text(f"statement_lines.{IS_OPEN}"),
        StatementLine.deposit_satang == slip.instalment.open_satang,
        StatementLine.booked_on.between(sent_on - BEFORE, sent_on + AFTER),
    )
    rows = db.session.scalars(query.order_by(StatementLine.booked_on, StatementLine.id).limit(200))
    own = [line for line in rows if not is_kept_elsewhere(line, slip.instalment)]
    return sorted(own, key=lambda line: abs((line.booked_on - sent_on).days))[:limit]


def _may_be_of(line: StatementLine, slip: Slip, references: Sequence[str]) -> bool:
    """Whether the text names the slip's instalment, or names none and amount and day fit."""
    if references:
        return slip.instalment.reference in references
    sent_on = clock.local_day(slip.sent_at)
    is_near = sent_on - BEFORE <= line.booked_on <= sent_on + AFTER
    return is_near and slip.instalment.open_satang == line.open_satang
