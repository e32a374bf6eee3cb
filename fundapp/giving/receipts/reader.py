"""Opening what is encrypted of receipts: their contents, donors' addresses and tax numbers, and the
accounts to which refunds go.

Who may see it is asked by the operation or query that calls; none of it concerns a child.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from fundapp.children.encryption import decrypt
from fundapp.db import db
from fundapp.giving.drafts import GiverAccount
from fundapp.giving.models import Donor, Receipt, ReceiptContent, RefundAccount, TaxDetails
from fundapp.giving.receipts.content import Payer, parse


def open_bytes(row: ReceiptContent) -> bytes:
    """The canonical bytes of a content, as they were hashed; KeyringError."""
    return decrypt(row, "content_encrypted").encode("utf-8")


def open_content(receipt: Receipt) -> Mapping[str, Any] | None:
    """Everything that the receipt says; None for one that was issued before contents were kept and
    waits for `flask giving issue-receipts`.
    """
    row = receipt.content
    return None if row is None else parse(open_bytes(row))


def details_of(donor_ids: Collection[int]) -> dict[int, Payer]:
    """The address and tax number that donors want on receipts, without names, in one query."""
    if not donor_ids:
        return {}
    rows = db.session.scalars(select(TaxDetails).where(TaxDetails.id.in_(donor_ids)))
    return {row.id: details_in(row) for row in rows}


def details_in(row: TaxDetails) -> Payer:
    """What a row holds."""
    return Payer("", decrypt(row, "address_encrypted"), decrypt(row, "tax_id_encrypted"))


def find_details(donor: Donor) -> Payer:
    """The details of one donor; empty ones when there are none."""
    return details_of([donor.id]).get(donor.id, Payer())


def open_account(account: RefundAccount) -> GiverAccount:
    """The account to which a refund goes, for who verifies it or pays."""
    bank_code, _, number = decrypt(account, "account_encrypted").partition(":")
    return GiverAccount(bank_code, number, decrypt(account, "holder_encrypted"))
