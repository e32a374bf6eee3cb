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
from fundapp.giving.references import find_references
from fundapp.giving.slips.queries import (
    ComparedSlip,
    find_twin_ids,
    list_slips_to_compare,
    load_slips,
)

#: Days between the transfer and its slip, and from the slip to the bank's day.
BEFORE, AFTER = timedelta(days=14), timedelta(days=4)
#: A shorter reference of a bank may stand in a text by chance.
_SHORTEST = 8


def slip_candidates(lines: Sequence[StatementLine]) -> dict[int, list[Candidate]]:
    """The instalments whose waiting slips may be of these deposits, by the id of the line."""
    compared = list_slips_to_compare() if lines else []
    found: list[tuple[StatementLine, int, bool]] = []
    for line in lines if compared else ():
        words = text_of(line)
        references = find_references(words)
        for each in compared:
            is_named = len(each.trans_ref) >= _SHORTEST and each.trans_ref in words
            if is_named or _may_be_of(line, each, references):
                found.append((line, each.id, is_named))
    slips = load_slips({slip_id for _line, slip_id, _named in found})
    twins = find_twin_ids(slips.values())
    by_line: dict[int, list[Candidate]] = {}
    for line, slip_id, is_named in found:
        slip = slips[slip_id]
        is_twice = slip_id in twins and slip.instalment.reference not in text_of(line)
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


def _may_be_of(line: StatementLine, slip: ComparedSlip, references: Sequence[str]) -> bool:
    """Whether the text names the slip's instalment, or names none and amount and day fit."""
    if references:
        return slip.reference in references
    is_near = slip.sent_on - BEFORE <= line.booked_on <= slip.sent_on + AFTER
    return is_near and slip.open_satang == line.open_satang
