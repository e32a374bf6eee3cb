"""Encrypting what a request and its proofs of receipt say about people; see `reader` for the
other way.
"""

from fundapp.children.encryption import encrypt
from fundapp.disbursements.drafts import RequestDraft
from fundapp.disbursements.models import DisbursementRequest, ProofOfReceipt


def encrypt_request(request: DisbursementRequest, draft: RequestDraft) -> None:
    """Put the reason, the payee and the account of ``draft`` into ``request``, encrypted for its
    row.
    """

    def encrypted(column: str, text: str) -> bytes:
        return encrypt(DisbursementRequest, column, request.id, text)

    account = draft.account
    request.reason_encrypted = encrypted("reason_encrypted", draft.reason)
    request.payee_name_encrypted = encrypted("payee_name_encrypted", draft.payee_name)
    request.payee_account_encrypted = (
        encrypted("payee_account_encrypted", account.to_text()) if account else None
    )


def encrypt_proof_of_receipt(proof: ProofOfReceipt, confirmed_by: str, note: str) -> None:
    """Put the name and the note into ``proof``, encrypted for its row."""

    def encrypted(column: str, text: str) -> bytes:
        return encrypt(ProofOfReceipt, column, proof.id, text)

    proof.confirmed_by_encrypted = encrypted("confirmed_by_encrypted", confirmed_by)
    proof.note_encrypted = encrypted("note_encrypted", note) if note else None
