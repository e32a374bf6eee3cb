"""Encrypting and decrypting what a request and its proofs say about people."""

from fundapp import clock
from fundapp.children.encryption import decrypt, decrypt_optional, encrypt
from fundapp.children.files import ChildName
from fundapp.children.models import Child
from fundapp.children.policy import may_show_identity
from fundapp.disbursements.drafts import PayeeAccount, RequestDraft
from fundapp.disbursements.models import DisbursementRequest, ProofOfReceipt


def encrypt_people(request: DisbursementRequest, draft: RequestDraft) -> None:
    """Put the reason and the payee of ``draft`` into ``request``, encrypted for its row."""

    def encrypted(column: str, text: str) -> bytes:
        return encrypt(DisbursementRequest, column, request.id, text)

    account = draft.account
    request.reason_encrypted = encrypted("reason_encrypted", draft.reason)
    request.payee_name_encrypted = encrypted("payee_name_encrypted", draft.payee_name)
    request.payee_account_encrypted = (
        encrypted("payee_account_encrypted", account.to_text()) if account else None
    )


def reason_of(request: DisbursementRequest) -> str:
    """Why help is asked for."""
    return decrypt(request, "reason_encrypted")


def payee_name_of(request: DisbursementRequest) -> str:
    """Who takes the money."""
    return decrypt(request, "payee_name_encrypted")


def account_of(request: DisbursementRequest) -> PayeeAccount | None:
    """Where the money goes; None for cash."""
    text = decrypt_optional(request, "payee_account_encrypted")
    return PayeeAccount.from_text(text) if text else None


def encrypt_proof_of_receipt(proof: ProofOfReceipt, confirmed_by: str, note: str) -> None:
    """Put the name and the note into ``proof``, encrypted for its row."""
    proof.confirmed_by_encrypted = encrypt(
        ProofOfReceipt, "confirmed_by_encrypted", proof.id, confirmed_by
    )
    proof.note_encrypted = (
        encrypt(ProofOfReceipt, "note_encrypted", proof.id, note) if note else None
    )


def confirmed_by_of(proof: ProofOfReceipt) -> str:
    """Who confirmed."""
    return decrypt(proof, "confirmed_by_encrypted")


def note_of(proof: ProofOfReceipt) -> str:
    """What was said of the money; empty when nothing was."""
    return decrypt_optional(proof, "note_encrypted")


def open_name(child: Child) -> ChildName:
    """TEMPORARY, until the disbursements read names through a `Reader`."""
    if not may_show_identity(child, clock.today()):
        return ChildName(child, is_shown=False)
    return ChildName(
        child,
        is_shown=True,
        given_name=decrypt(child, "given_name_encrypted"),
        family_name=decrypt(child, "family_name_encrypted"),
    )
