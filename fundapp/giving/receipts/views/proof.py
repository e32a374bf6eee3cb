"""The proof that the entry of a receipt is in the signed log of the books."""

import base64

from flask import Response, jsonify, render_template

from fundapp.access.marks import public
from fundapp.giving.models import Receipt
from fundapp.giving.receipts.views.receipt import guarded_receipt
from fundapp.giving.views.blueprint import blueprint
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.log.queries import InclusionProof, leaf_hash_of, prove_inclusion


@blueprint.get("/receipts/<code>/proof")
@public
def receipt_proof(code: str) -> str:
    """The way from the entry to the root that was signed, for whoever has the receipt's code."""
    receipt = guarded_receipt(code)
    number, leaf_hash, proof = _proof_of(receipt)
    return render_template(
        "giving/receipt_proof.html",
        receipt=receipt,
        entry_number=number,
        leaf_hash=_coded(leaf_hash),
        proof=proof,
        path=[_coded(step) for step in proof.path] if proof else [],
    )


@blueprint.get("/receipts/<code>/proof.json")
@public
def receipt_proof_file(code: str) -> Response:
    """The same for a program; ``path`` is null until a checkpoint covers the entry."""
    number, leaf_hash, proof = _proof_of(guarded_receipt(code))
    return jsonify(
        entry=number,
        leaf_hash=_coded(leaf_hash),
        leaf_index=proof and proof.leaf_index,
        path=proof and [_coded(step) for step in proof.path],
        checkpoint=proof and proof.checkpoint.note,
    )


def _proof_of(receipt: Receipt) -> tuple[str, bytes, InclusionProof | None]:
    """The number and the hash of the receipt's entry, and the proof."""
    entry_id = receipt.payment.journal_entry_id
    return entry_number(entry_id), leaf_hash_of(entry_id), prove_inclusion(entry_id)


def _coded(data: bytes) -> str:
    return base64.b64encode(data).decode()
