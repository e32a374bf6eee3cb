"""Opening what is kept, encrypted, of spreadsheets that wait to be taken over.

Who may see it is asked by the operation or query that calls; none of it concerns a child.
"""

import json

from fundapp import clock
from fundapp.children.encryption import decrypt, encrypt
from fundapp.giving.imports.errors import ImportOverError
from fundapp.giving.models import DonorImport
from fundapp.spreadsheets.cells import Cell, CellKind
from fundapp.spreadsheets.reading import Row, Sheet

#: Bytes: what is kept is filled up to a multiple.
_BLOCK = 4096


def encrypt_sheet(import_id: int, sheet: Sheet) -> bytes:
    """The sheet, encrypted for the row of its import."""
    content = [list(sheet.headings)] + [
        [row.number, [[cell.kind, cell.text] for cell in row.cells]] for row in sheet.rows
    ]
    text = json.dumps(content, ensure_ascii=False)
    return encrypt(DonorImport, "rows_encrypted", import_id, text, block=_BLOCK)


def open_sheet(row: DonorImport) -> Sheet:
    """The sheet of an import that waits. Raises ImportOverError, KeyringError."""
    if row.rows_encrypted is None or row.expires_at <= clock.now():
        raise ImportOverError
    headings, *rows = json.loads(decrypt(row, "rows_encrypted"))
    return Sheet(
        tuple(headings),
        tuple(
            Row(number, tuple(Cell(CellKind(kind), text) for kind, text in cells))
            for number, cells in rows
        ),
    )
