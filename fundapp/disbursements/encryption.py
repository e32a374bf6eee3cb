"""Encrypting what a request and its proofs of receipt say about people; see `reader` for the
other way.
"""

from fundapp.children.encryption import encrypt
from fundapp.crypto import keyring
from fundapp.disbursements.drafts import PayeeAccount, RequestDraft, VendorDraft
from fundapp.disbursements.models import (
    DisbursementRequest,
    PayeeDigest,
    ProofOfReceipt,
    RequestPayee,
    VendorVersion,
)
from fundapp.thai.banks import PROMPTPAY
from fundapp.thai.names import fold_name


def encrypt_request(request: DisbursementRequest, draft: RequestDraft) -> None:
    """Put the reason, the payee with address and number, and the account of ``draft`` into
    ``request``, encrypted for its row.
    """

    def encrypted(column: str, text: str) -> bytes:
        return encrypt(DisbursementRequest, column, request.id, text)

    def of_payee(column: str, text: str) -> bytes | None:
        return encrypt(RequestPayee, column, request.id, text) if text else None

    request.payee = request.payee or RequestPayee(id=request.id)
    request.payee.name_lookup = payee_lookup(draft.payee_name)
    request.payee.why_encrypted = of_payee("why_encrypted", draft.payee_reason)
    request.payee.address_encrypted = of_payee("address_encrypted", draft.payee_address)
    request.payee.id_number_encrypted = of_payee("id_number_encrypted", draft.payee_id_number)
    account = draft.account
    request.reason_encrypted = encrypted("reason_encrypted", draft.reason)
    request.payee_name_encrypted = encrypted("payee_name_encrypted", draft.payee_name)
    request.payee_account_encrypted = (
        encrypted("payee_account_encrypted", account.to_text()) if account else None
    )


def payee_lookup(name: str) -> bytes:
    """By what payments to one payee are found: a keyed hash of the name without its titles."""
    return keyring().lookup(fold_name(name), "request_payees.name_lookup")


def encrypt_proof_of_receipt(proof: ProofOfReceipt, confirmed_by: str, note: str) -> None:
    """Put the name and the note into ``proof``, encrypted for its row."""

    def encrypted(column: str, text: str) -> bytes:
        return encrypt(ProofOfReceipt, column, proof.id, text)

    proof.confirmed_by_encrypted = encrypted("confirmed_by_encrypted", confirmed_by)
    proof.note_encrypted = encrypted("note_encrypted", note) if note else None


def encrypt_vendor(version: VendorVersion, draft: VendorDraft) -> None:
    """Put what says who the vendor is into ``version``, encrypted for its row, and the hashes by
    which its tax id and account are noticed again.
    """

    def encrypted(column: str, text: str) -> bytes:
        return encrypt(VendorVersion, column, version.id, text)

    version.name_encrypted = encrypted("name_encrypted", draft.name)
    version.tax_id_encrypted = encrypted("tax_id_encrypted", draft.tax_id)
    version.address_encrypted = encrypted("address_encrypted", draft.address)
    version.phone_encrypted = encrypted("phone_encrypted", draft.phone)
    version.account_encrypted = encrypted("account_encrypted", draft.account.to_text())
    version.account_name_encrypted = encrypted("account_name_encrypted", draft.account_name)
    version.tax_lookup = lookup_tax_id(draft.tax_id)
    version.account_lookup = lookup_account(draft.account)


def lookup_tax_id(tax_id: str) -> bytes:
    """The keyed hash of a tax id: that of the PromptPay number that it can be, so that it is found
    among the accounts of staff.
    """
    return lookup_account(PayeeAccount(PROMPTPAY, tax_id))


def lookup_account(account: PayeeAccount) -> bytes:
    """The keyed hash by which an account is noticed again, of a payee or of staff."""
    return keyring().lookup(account.to_text(), "payee_digests.account_lookup")


def lookup_payee(name: str) -> bytes:
    """The keyed hash by which a payee is noticed again; titles, spaces and ways to type the same
    letters make no difference.
    """
    return keyring().lookup(fold_name(name).replace(" ", ""), "payee_digests.payee_lookup")


def payee_digest(request_id: int, name: str, account: PayeeAccount | None) -> PayeeDigest:
    """The hashes of a request's payee."""
    return PayeeDigest(
        request_id=request_id,
        payee_lookup=lookup_payee(name),
        account_lookup=lookup_account(account) if account else None,
    )
