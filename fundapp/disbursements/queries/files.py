"""A request opened for one viewer: names and accounts are decrypted only where the viewer may
have them.
"""

from dataclasses import dataclass, field

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children.policy import may_show_identity
from fundapp.db import db
from fundapp.disbursements.drafts import PayeeAccount
from fundapp.disbursements.encryption import (
    account_of,
    confirmed_by_of,
    note_of,
    open_name,
    payee_name_of,
    reason_of,
)
from fundapp.disbursements.models import DisbursementRequest, ProofOfReceipt, RequestLine
from fundapp.disbursements.policy import may_see_names, may_see_payee
from fundapp.documents.models import Document
from fundapp.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line; ``name`` is empty where the viewer knows the child by its code only."""

    code: str
    child_id: str
    amount_satang: int
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OpenProof:
    """A proof; the texts are empty where the viewer may not read them."""

    proof: ProofOfReceipt
    document: Document | None
    confirmed_by: str = field(default="", repr=False)
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class RequestFile:
    """Everything the viewer may know of a request. The account is masked unless the payee is
    shown.
    """

    request: DisbursementRequest
    lines: tuple[OpenLine, ...]
    proofs: tuple[OpenProof, ...]
    payee_is_shown: bool
    account: PayeeAccount | None = field(repr=False)
    payee_name: str = field(default="", repr=False)
    reason: str = field(default="", repr=False)

    @property
    def children_read(self) -> list[str]:
        """Public ids of the children whom the viewer is shown, by name or by payee; log them."""
        return [line.child_id for line in self.lines if line.name or self.payee_is_shown]


def open_request(request: DisbursementRequest, *, viewer: Actor) -> RequestFile:
    """Decrypt what the viewer may have. The caller records `RequestFile.children_read`."""
    names = all(may_see_names(viewer, line.child) for line in request.lines)
    payee = may_see_payee(viewer, request)
    return RequestFile(
        request=request,
        lines=tuple(_open_line(line, names) for line in request.lines),
        proofs=tuple(_open_proof(proof, payee) for proof in request.proofs),
        payee_is_shown=payee,
        account=account_of(request),
        payee_name=payee_name_of(request) if payee else "",
        reason=reason_of(request) if names else "",
    )


def get_proof_document(
    request: DisbursementRequest, document_id: str, *, viewer: Actor
) -> Document:
    """The paper of one of the request's proofs; NotFoundError where the payee may not be shown."""
    if may_see_payee(viewer, request):
        for proof in request.proofs:
            document = _document(proof)
            if document is not None and document.public_id == document_id:
                return document
    raise NotFoundError


def _open_line(line: RequestLine, names: bool) -> OpenLine:
    child = line.child
    shown = names and may_show_identity(child, clock.today())
    name = open_name(child).display_name if shown else ""
    return OpenLine(child.code, child.public_id, line.amount_satang, name)


def _open_proof(proof: ProofOfReceipt, shown: bool) -> OpenProof:
    document = _document(proof) if shown else None
    if not shown:
        return OpenProof(proof, document)
    return OpenProof(proof, document, confirmed_by_of(proof), note_of(proof))


def _document(proof: ProofOfReceipt) -> Document | None:
    return db.session.get(Document, proof.document_id) if proof.document_id else None
