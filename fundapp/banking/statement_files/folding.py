"""An entry of several movements that another file states as one (pure).

A message of a bank may tell the parts of a batch, or an amount and its charges; a table of the same
days has the entry as one row. Where that row is known already, the parts are the same money.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import groupby

from fundapp.banking.statement_files.contradictions import Amounts, amounts_by_day
from fundapp.banking.statement_files.parsed import ParsedLine, ParsedStatement


def fold_entries(parsed: ParsedStatement, known: Mapping[date, Amounts]) -> ParsedStatement:
    """The statement with each entry as one line that is known as one line and not in its parts.

    ``known`` are the signed amounts of the lines that count, by day.
    """
    in_file = amounts_by_day(parsed)
    lines: list[ParsedLine] = []
    missing = {day: known[day] - in_file.get(day, Counter()) for day in known}
    for (number, day), group in groupby(
        parsed.lines, key=lambda line: (line.entry_number, line.booked_on)
    ):
        parts = list(group)
        total = sum(map(_moved, parts))
        is_apart = number == 0 or len(parts) < 2 or day not in missing
        if is_apart or missing[day][total] < 1 or not Counter(map(_moved, parts)) - known[day]:
            lines += parts
            continue
        missing[day][total] -= 1
        lines.append(_as_one(parts, total))
    return replace(parsed, lines=tuple(lines))


def _moved(line: ParsedLine) -> int:
    return line.deposit_satang - line.withdrawal_satang


def _as_one(parts: list[ParsedLine], total: int) -> ParsedLine:
    return replace(
        parts[0],
        detail=" ".join(filter(None, (part.detail for part in parts))),
        withdrawal_satang=max(-total, 0),
        deposit_satang=max(total, 0),
        balance_satang=parts[-1].balance_satang,
    )
