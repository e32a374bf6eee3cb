"""Opening what is kept, encrypted, of spreadsheets that wait to be taken over.

Who may see it is asked by the operation or query that calls; none of it concerns a child.
"""

from fundapp import clock
from fundapp.children.encryption import decrypt, encrypt
from fundapp.giving.models import DonorImport
from fundapp.spreadsheets.errors import ImportOverError
from fundapp.spreadsheets.reading import Sheet, sheet_text, stored_sheet

#: Bytes: what is kept is filled up to a multiple.
_BLOCK = 4096


def encrypt_sheet(import_id: int, sheet: Sheet) -> bytes:
    """The sheet, encrypted for the row of its import."""
    return encrypt(DonorImport, "rows_encrypted", import_id, sheet_text(sheet), block=_BLOCK)


def open_sheet(row: DonorImport) -> Sheet:
    """The sheet of an import that waits. Raises ImportOverError, KeyringError."""
    if row.rows_encrypted is None or row.expires_at <= clock.now():
        raise ImportOverError
    return stored_sheet(decrypt(row, "rows_encrypted"))
