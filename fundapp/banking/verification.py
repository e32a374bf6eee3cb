"""Whether the stored text of bank lines is that of its digests, and gone wherever it was erased.

Words are opened here, but none leaves this module: it answers with names of rows.
"""

from collections.abc import Iterator
from typing import Any

from fundapp.banking.encryption import BankWords, digests_of, lookup_detail
from fundapp.banking.models import StatedLine, StatementLine
from fundapp.banking.reader import open_words
from fundapp.children.verification import MOST, rows_to_open
from fundapp.crypto import KeyringError
from fundapp.db import Base

_DIGESTS = [f"{field}_digest" for field in BankWords._fields]


def find_wrong_words(most: int = MOST) -> Iterator[tuple[str, str]]:
    """Each line, and each row of a file (``table.row id``), whose words are not those of its
    digests, and each line that is found by another detail than its own. One whose words cannot be
    opened is left out: another check names it.
    """
    for model, line_id in ((StatementLine, "id"), (StatedLine, "line_id")):
        name = model.__tablename__
        columns = ["id", line_id, "words_encrypted", *_DIGESTS]
        lookup = ["detail_lookup"] if model is StatementLine else []
        for row in rows_to_open(Base.metadata.tables[name], [*columns, *lookup], most):
            problem = _problem(name, row, line_id) if row["words_encrypted"] else None
            if problem is not None:
                yield f"{name}.{row['id']}", problem


def _problem(table: str, row: Any, line_id: str) -> str | None:
    try:
        words = open_words(table, row["id"], row["words_encrypted"])
    except KeyringError:
        return None
    except (ValueError, TypeError):
        return "has words that no program of ours wrote"
    if digests_of(row[line_id], words) != {name: bytes(row[name]) for name in _DIGESTS}:
        return "has other words than its digests say"
    stored = row.get("detail_lookup")
    if "detail_lookup" in row and (stored and bytes(stored)) != lookup_detail(words.detail):
        return "is not found by its own detail"
    return None
