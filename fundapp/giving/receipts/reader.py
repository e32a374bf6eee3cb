"""Opening what is encrypted of receipts: their contents, donors' addresses and tax numbers, and the
accounts to which refunds go.

Who may see it is asked by the operation or query that calls; none of it concerns a child.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select

from fundapp.children.encryption import decrypt
from fundapp.db import db
from fundapp.giving.drafts import GiverAccount
from fundapp.giving.models import (
    Donor,
    DonorMerge,
    Receipt,
    ReceiptContent,
    RefundAccount,
    TaxDetails,
)
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
    """The address and tax number that donors want on receipts, without names, in one query.

    Those of a donor that was merged are those of the file that it was merged into, and no others.
    """
    if not donor_ids:
        return {}
    statement = (
        select(Donor.id, TaxDetails)
        .outerjoin(DonorMerge, DonorMerge.donor_id == Donor.id)
        .join(TaxDetails, TaxDetails.id == func.coalesce(DonorMerge.into_id, Donor.id))
        .where(Donor.id.in_(donor_ids))
    )
    return {donor_id: details_in(row) for donor_id, row in db.session.execute(statement)}


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
