"""Reading the answer file of a bank to a list of accounts: account and name. Pure."""

import csv
import io

from fundapp.csv_safety import plain_text
from fundapp.disbursements.errors import AccountNamesError
from fundapp.thai.folding import bare_number

MAX_BYTES = 500_000
_MOST_LINES = 5_000
_HEADER = ("account", "name")


def read_account_names(content: bytes) -> dict[str, str]:
    """The name that the bank has for each account, by its digits. Raises AccountNamesError, which
    tells the line.
    """
    try:
        text = content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise AccountNamesError(field="file", params={"line": 1}) from error
    names: dict[str, str] = {}
    for line, row in enumerate(rows, start=1):
        cells = [plain_text(cell.strip()) for cell in row]
        is_header = line == 1 and tuple(cell.casefold() for cell in cells[:2]) == _HEADER
        if is_header or not any(cells):
            continue
        number = bare_number(cells[0])
        is_read = len(cells) >= 2 and number.isdigit() and bool(cells[1])
        if not is_read or names.get(number, cells[1]) != cells[1] or line > _MOST_LINES:
            raise AccountNamesError(field="file", params={"line": line})
        names[number] = cells[1]
    if not names:
        raise AccountNamesError(field="file", params={"line": 1})
    return names
