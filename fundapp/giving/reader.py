"""Opening what donors sent and said with a pledge: slips of transfers, whom a gift honours, and who
pays in their place.

Who may see it is asked by the operation, query or view that calls; none of it concerns a child.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from fundapp.children.encryption import associated_data, decrypt, decrypt_optional
from fundapp.crypto import keyring
from fundapp.db import db
from fundapp.documents import store
from fundapp.documents.encryption import decrypt as decrypt_document
from fundapp.giving.models import Pledge, PledgeDetails, Slip


@dataclass(frozen=True, slots=True)
class SaidWithPledge:
    """In whose honour a pledge is, and who pays it in the donor's place; empty where not said."""

    in_honour_of: str = ""
    payer_name: str = ""


def said_with(pledge: Pledge | None) -> SaidWithPledge:
    """What the donor of this pledge said; KeyringError."""
    return said_in(None if pledge is None else pledge.details)


def said_in(details: PledgeDetails | None) -> SaidWithPledge:
    """What stands in this row; KeyringError."""
    return SaidWithPledge() if details is None else _opened(details)


def said_with_many(pledge_ids: Collection[int]) -> dict[int, SaidWithPledge]:
    """What the donors of these pledges said, of those who said something; KeyringError."""
    if not pledge_ids:
        return {}
    rows = db.session.scalars(select(PledgeDetails).where(PledgeDetails.id.in_(pledge_ids)))
    return {row.id: _opened(row) for row in rows}


def _opened(row: PledgeDetails) -> SaidWithPledge:
    return SaidWithPledge(
        decrypt(row, "in_honour_of_encrypted"), decrypt(row, "payer_name_encrypted")
    )


def trans_ref_of(slip: Slip) -> str:
    """The bank's reference on the slip, empty where no code was read; KeyringError."""
    return decrypt_optional(slip, "trans_ref_encrypted")


def open_trans_ref(slip_id: int, encrypted: bytes | None) -> str:
    """As `trans_ref_of`, of a row that was read without its object."""
    if encrypted is None:
        return ""
    associated = associated_data(Slip.__tablename__, "trans_ref_encrypted", slip_id)
    return keyring().decrypt(encrypted, associated).rstrip("\0")


def file_of(slip: Slip) -> bytes:
    """The picture or PDF. Raises NotFoundError when it is gone, and DamagedDocumentError."""
    return decrypt_document(slip.document, store.get(slip.document.storage_key))
