"""Decrypting what a request and its proofs of receipt say about people.

All of it is about the request's children, so the `Reader` records the read of each of them before
it gives a value.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children.models import Child, Purpose
from fundapp.children.reader import Decrypting, Reader
from fundapp.db import db
from fundapp.disbursements.drafts import PayeeAccount, masked
from fundapp.disbursements.entry_drafts import SOURCE_TYPE
from fundapp.disbursements.models import (
    DisbursementRequest,
    PayeeDigest,
    ProofOfReceipt,
    ReceiptConfirmation,
    RequestLine,
)
from fundapp.disbursements.policy import ShownParts, may_open, parts_for
from fundapp.disbursements.queries.payouts import days_of_shares_back
from fundapp.disbursements.queries.visibility import has_handed_on, unseen_children
from fundapp.documents.models import Document
from fundapp.remarks.encryption import words_in
from fundapp.remarks.models import Remark
from fundapp.remarks.queries import list_remarks
from fundapp.remarks.reader import ShownWords


@dataclass(frozen=True, slots=True)
class NamedLine:
    """A line; ``name`` is empty where the viewer knows the child by its code only, or ``is_seen``
    says that its file is not the viewer's to see. ``back_on``: the day on which the share was with
    the fund again.
    """

    code: str
    child_id: str
    amount_satang: int
    name: str = field(default="", repr=False)
    is_seen: bool = True
    back_on: date | None = None


@dataclass(frozen=True, slots=True)
class ReadProof:
    """A proof of receipt; the texts are empty where the viewer may not read them."""

    proof: ProofOfReceipt
    document: Document | None = None
    confirmed_by: str = field(default="", repr=False)
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ReadConfirmation:
    """An answer by the link on a voucher; ``note`` is empty where the viewer may not read it."""

    confirmation: ReceiptConfirmation
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class RequestFile:
    """Everything the viewer may know of a request. The payee's whole identity number is for the
    voucher alone: pages show it masked.

    Where the payee is not shown, pages show the account masked; where a consent has ended, or the
    children were handed on, there is none.
    """

    request: DisbursementRequest
    lines: tuple[NamedLine, ...]
    proofs: tuple[ReadProof, ...]
    parts: ShownParts
    account: PayeeAccount | None = field(repr=False)
    payee_name: str = field(default="", repr=False)
    payee_reason: str = field(default="", repr=False)
    payee_address: str = field(default="", repr=False)
    payee_id_number: str = field(default="", repr=False)
    reason: str = field(default="", repr=False)
    remarks: Mapping[bytes, ShownWords] = field(default_factory=dict, repr=False)
    payee_code: str = ""
    confirmations: tuple[ReadConfirmation, ...] = ()
    next_line: int | None = None

    @property
    def payee_is_shown(self) -> bool:
        """Whether the payee and the whole account number are shown."""
        return self.parts.payee

    @property
    def masked_id_number(self) -> str:
        """The payee's number as pages show it."""
        return masked(self.payee_id_number)


def children_of(request: DisbursementRequest) -> list[Child]:
    """The children whom the request is about."""
    return [line.child for line in request.lines]


def reason_of(request: DisbursementRequest, reader: Decrypting) -> str:
    """Why help is asked for."""
    return reader.decrypt(request, "reason_encrypted", about=children_of(request))


def payee_name_of(request: DisbursementRequest, reader: Decrypting) -> str:
    """Who takes the money."""
    return reader.decrypt(request, "payee_name_encrypted", about=children_of(request))


def payee_reason_of(request: DisbursementRequest, reader: Decrypting) -> str:
    """Why somebody who is on no file of the children takes the money; else empty."""
    return _of_payee(request, "why_encrypted", reader)


def payee_address_of(request: DisbursementRequest, reader: Decrypting) -> str:
    """Where the payee lives or the school is; empty: it is written on the voucher by hand."""
    return _of_payee(request, "address_encrypted", reader)


def payee_id_number_of(request: DisbursementRequest, reader: Decrypting) -> str:
    """The payee's 13 digits; empty: they are written on the voucher by hand."""
    return _of_payee(request, "id_number_encrypted", reader)


def account_of(request: DisbursementRequest, reader: Decrypting) -> PayeeAccount | None:
    """Where the money goes; None for cash."""
    column, children = "payee_account_encrypted", children_of(request)
    text = reader.decrypt_optional(request, column, about=children)
    return PayeeAccount.from_text(text) if text else None


def request_file(
    request: DisbursementRequest,
    *,
    purpose: Purpose,
    viewer: Actor,
    after: int = 0,
    most: int | None = None,
) -> RequestFile:
    """What the viewer may know of the request today, read for this purpose, or to finish a payment
    that was promised before a consent ended. ``most``: so many lines, those after the line of that
    id; only children who are shown are opened by name.
    """
    unseen = unseen_children(viewer, request)
    parts = parts_for(
        viewer,
        request,
        clock.today(),
        sees_children=not unseen,
        is_handed_on=has_handed_on(viewer, request),
    )
    reader = Reader(viewer, purpose_of(parts, purpose))
    unnamed = set() if parts.is_opened else unseen
    has_account = parts.payee or not (parts.is_ended or parts.is_handed_on)
    rest = [line for line in request.lines if line.id > after]
    shown = rest if most is None else rest[:most]
    back = days_of_shares_back(request) if request.payouts else {}
    return RequestFile(
        request=request,
        lines=tuple(
            _line(line, reader, line.child_id not in unnamed, back.get(line.id)) for line in shown
        ),
        proofs=tuple(_proof(request, proof, reader, parts.receipt) for proof in request.proofs),
        parts=parts,
        account=account_of(request, reader) if has_account else None,
        payee_name=payee_name_of(request, reader) if parts.payee else "",
        payee_reason=payee_reason_of(request, reader) if parts.payee else "",
        payee_address=payee_address_of(request, reader) if parts.payee else "",
        payee_id_number=payee_id_number_of(request, reader) if parts.payee else "",
        reason=reason_of(request, reader) if parts.reason else "",
        remarks=remarks_of(request, reader, parts),
        payee_code=payee_code(request) if may_open(viewer, request) else "",
        confirmations=tuple(
            _confirmation(request, each, reader, parts.receipt) for each in request.confirmations
        ),
        next_line=shown[-1].id if len(shown) < len(rest) else None,
    )


def purpose_of(parts: ShownParts, purpose: Purpose) -> Purpose:
    """What a request is read for: an auditor's reason and a promised payment come first."""
    if parts.is_opened:
        return Purpose.AUDIT
    return Purpose.PROMISED if parts.is_promised else purpose


def payee_code(request: DisbursementRequest) -> str:
    """A code in place of the payee's name, the same on every request of that name; empty until the
    worker has noted it.
    """
    digest = db.session.get(PayeeDigest, request.id)
    return base64.b32encode(digest.payee_lookup[:5]).decode() if digest else ""


def remarks_of(
    request: DisbursementRequest, reader: Reader, parts: ShownParts
) -> dict[bytes, ShownWords]:
    """The reasons of decisions on the request and of cancelling it, by digest, in one query; their
    words where the viewer is shown them.
    """
    children = children_of(request)

    def words(remark: Remark) -> str:
        column = "words_encrypted"
        is_shown = parts.remarks and remark.words_encrypted is not None
        return words_in(reader.decrypt(remark, column, about=children)) if is_shown else ""

    return {
        remark.digest: ShownWords.of(remark, words(remark))
        for remark in list_remarks(SOURCE_TYPE, [request.public_id])
    }


def document_of(proof: ProofOfReceipt) -> Document | None:
    """The signed paper that was filed with the proof of receipt, still encrypted."""
    return db.session.get(Document, proof.document_id) if proof.document_id else None


def _of_payee(request: DisbursementRequest, column: str, reader: Decrypting) -> str:
    if request.payee is None:
        return ""
    return reader.decrypt_optional(request.payee, column, about=children_of(request))


def _line(line: RequestLine, reader: Reader, is_named: bool, back_on: date | None) -> NamedLine:
    child, name = line.child, ""
    if is_named:
        child_name = reader.name(child)
        name = child_name.display_name if child_name.is_shown else ""
    return NamedLine(child.code, child.public_id, line.amount_satang, name, is_named, back_on)


def _proof(
    request: DisbursementRequest, proof: ProofOfReceipt, reader: Reader, is_shown: bool
) -> ReadProof:
    if not is_shown:
        return ReadProof(proof)
    children = children_of(request)
    return ReadProof(
        proof,
        document_of(proof),
        confirmed_by=reader.decrypt(proof, "confirmed_by_encrypted", about=children),
        note=reader.decrypt_optional(proof, "note_encrypted", about=children),
    )


def _confirmation(
    request: DisbursementRequest, answer: ReceiptConfirmation, reader: Reader, is_shown: bool
) -> ReadConfirmation:
    if not is_shown:
        return ReadConfirmation(answer)
    children = children_of(request)
    note = reader.decrypt_optional(answer, "note_encrypted", about=children)
    return ReadConfirmation(answer, note)
