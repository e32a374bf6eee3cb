"""Whether the stored content of each receipt is what was issued, and what its row says.

Contents are opened here, but none leaves this module: it answers with codes of receipts.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import select

from fundapp.children.verification import MOST, rows_to_open
from fundapp.crypto import KeyringError
from fundapp.db import Base, db
from fundapp.giving.models import Receipt, ReceiptContent
from fundapp.giving.receipts.content import hash_of, parse
from fundapp.giving.receipts.reader import open_bytes
from fundapp.ledger.canonical import clean_text

_AT_ONCE = 500
_COLUMNS = (
    Receipt.id,
    Receipt.code,
    Receipt.fiscal_year,
    Receipt.number,
    Receipt.issued_on,
    Receipt.received_on,
    Receipt.amount_satang,
    Receipt.donor_name,
)


def find_wrong_contents(most: int = MOST) -> Iterator[tuple[str, str]]:
    """The code of each receipt whose content is not that of its hash, or not what its row says. One
    whose content cannot be opened is left out: another check names it.
    """
    table = Base.metadata.tables["receipt_contents"]
    rows = rows_to_open(table, ["id", "content_encrypted", "content_hash"], most)
    while page := list(islice(rows, _AT_ONCE)):
        ids = [row["id"] for row in page]
        receipts = {
            row.id: row for row in db.session.execute(select(*_COLUMNS).where(Receipt.id.in_(ids)))
        }
        for row in page:
            problem = _problem(row, receipts[row["id"]])
            if problem is not None:
                yield receipts[row["id"]].code, problem


def _problem(row: Any, receipt: Any) -> str | None:
    content = ReceiptContent(id=row["id"], content_encrypted=row["content_encrypted"])
    try:
        data = open_bytes(content)
    except KeyringError:
        return None
    if hash_of(data) != bytes(row["content_hash"]):
        return "has another content than its hash says"
    try:
        said = parse(data)
    except ValueError:
        return "has a content that no program of ours wrote"
    if _said(said) != _known(receipt):
        return "says something else than its content"
    return None


def _said(content: Any) -> tuple[str, ...]:
    payer = content["payer"]
    return (
        content["code"],
        content["number"],
        content["issued"]["iso"],
        content["received"]["iso"],
        content["satang"],
        "" if payer["name_en"] else payer["name_th"],
    )


def _known(receipt: Any) -> tuple[str, ...]:
    return (
        receipt.code,
        f"{receipt.fiscal_year}-{receipt.number:06d}",
        receipt.issued_on.isoformat(),
        receipt.received_on.isoformat(),
        str(receipt.amount_satang),
        clean_text(receipt.donor_name),
    )
