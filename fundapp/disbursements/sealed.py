"""Sealing and opening what a request and its proofs say about people."""

from fundapp.children.sealing import seal, unseal, unseal_optional
from fundapp.disbursements.drafts import PayeeAccount, RequestDraft
from fundapp.disbursements.models import DisbursementRequest, Proof


def seal_people(request: DisbursementRequest, draft: RequestDraft) -> None:
    """Put the reason and the payee of ``draft`` into ``request``, encrypted for its row."""

    def sealed(column: str, text: str) -> bytes:
        return seal(DisbursementRequest, column, request.id, text)

    account = draft.account
    request.reason_sealed = sealed("reason_sealed", draft.reason)
    request.payee_name_sealed = sealed("payee_name_sealed", draft.payee_name)
    request.payee_account_sealed = (
        sealed("payee_account_sealed", account.to_text()) if account else None
    )


def reason_of(request: DisbursementRequest) -> str:
    """Why help is asked for."""
    return unseal(request, "reason_sealed")


def payee_name_of(request: DisbursementRequest) -> str:
    """Who takes the money."""
    return unseal(request, "payee_name_sealed")


def account_of(request: DisbursementRequest) -> PayeeAccount | None:
    """Where the money goes; None for cash."""
    text = unseal_optional(request, "payee_account_sealed")
    return PayeeAccount.from_text(text) if text else None


def seal_proof(proof: Proof, confirmed_by: str, note: str) -> None:
    """Put the name and the note into ``proof``, encrypted for its row."""
    proof.confirmed_by_sealed = seal(Proof, "confirmed_by_sealed", proof.id, confirmed_by)
    proof.note_sealed = seal(Proof, "note_sealed", proof.id, note) if note else None


def confirmed_by_of(proof: Proof) -> str:
    """Who confirmed."""
    return unseal(proof, "confirmed_by_sealed")


def note_of(proof: Proof) -> str:
    """What was said of the money; empty when nothing was."""
    return unseal_optional(proof, "note_sealed")
