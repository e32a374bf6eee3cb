"""Reading the result file of a bank: voucher, state, reason. Pure."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from fundapp.csv_safety import plain_text
from fundapp.payouts.errors import BankReasonError, ResultFileError, VoucherTwiceError
from fundapp.payouts.models import BankOutcome

MAX_BYTES = 2_000_000
_MOST_LINES = 20_000
_LONGEST_REASON = 200
_HEADER = ("voucher", "state", "reason")


@dataclass(frozen=True, slots=True)
class Told:
    """What a line of the file says; ``line`` is its number."""

    line: int
    voucher: str
    outcome: BankOutcome
    reason: str = field(default="", repr=False)


def read_results(content: bytes) -> list[Told]:
    """What the file says, in its order.

    Raises ResultFileError, VoucherTwiceError, BankReasonError; the number of the line is in each.
    """
    found: dict[str, Told] = {}
    for told in _lines(content):
        if told.voucher in found:
            raise VoucherTwiceError(
                field="file", params={"line": told.line, "voucher": told.voucher}
            )
        found[told.voucher] = told
    if not found:
        raise ResultFileError(field="file", params={"line": 1})
    return list(found.values())


def _lines(content: bytes) -> Iterator[Told]:
    if len(content) > MAX_BYTES:
        raise ResultFileError(field="file", params={"line": 1})
    try:
        text = content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ResultFileError(field="file", params={"line": 1}) from error
    for number, row in enumerate(rows[:_MOST_LINES], start=1):
        cells = [plain_text(cell.strip()) for cell in row]
        if not any(cells):
            continue
        is_header = tuple(cell.casefold() for cell in cells[:3]) == _HEADER
        if number == 1 and is_header:
            continue
        yield _told(number, cells)
    if len(rows) > _MOST_LINES:
        raise ResultFileError(field="file", params={"line": _MOST_LINES})


def _told(number: int, cells: list[str]) -> Told:
    states = {str(outcome): outcome for outcome in BankOutcome}
    if not 2 <= len(cells) <= 3 or cells[1].casefold() not in states or not cells[0]:
        raise ResultFileError(field="file", params={"line": number})
    outcome = states[cells[1].casefold()]
    reason = cells[2] if len(cells) == 3 else ""
    if not reason.isprintable() or len(reason) > _LONGEST_REASON:
        raise ResultFileError(field="file", params={"line": number})
    if outcome is BankOutcome.FAILED and not reason:
        raise BankReasonError(field="file", params={"line": number})
    return Told(number, cells[0].upper(), outcome, reason)
