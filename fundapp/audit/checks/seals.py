"""Checks of the sealed bytes: hashes, and rows against the bytes that were hashed."""

import hashlib
import json
from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation
from fundapp.clock import iso
from fundapp.ledger.canonical import leaf_hash, parse_canonical
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.queries import JournalRow, iter_entries
from fundapp.markers import N_


def draft_of(row: JournalRow) -> EntryDraft:
    """The draft of an entry, made from its row and its postings."""
    entry = row.entry
    return EntryDraft(
        kind=entry.kind,
        entry_on=entry.entry_on,
        memo=entry.memo,
        postings=[
            PostingDraft(p.fund_code, p.debit_account_code, p.credit_account_code, p.amount_satang)
            for p in row.postings
        ],
        source_type=entry.source_type,
        source_ref=entry.source_ref,
        maker=entry.maker,
        checker=entry.checker,
        receipt=entry.receipt,
        private=entry.private,
        idempotency_key=entry.idempotency_key,
        reverses_entry_id=entry.reverses_entry_id,
    )


def has_its_leaf_hash(row: JournalRow) -> bool:
    """Whether the stored hash is that of the stored bytes."""
    return leaf_hash(row.entry.canonical) == row.entry.leaf_hash


def says_what_was_sealed(row: JournalRow) -> bool:
    """Whether the row and its postings still say what the stored bytes say."""
    entry = row.entry
    try:
        content = draft_of(row).content()
        sealed = parse_canonical(entry.canonical)
    except ValueError:
        return False
    stated = {**json.loads(content), "entry": row.number, "at": iso(entry.posted_at)}
    return stated == sealed and hashlib.sha256(content).digest() == entry.content_hash


def leaf_hashes() -> Iterator[Violation]:
    """Every leaf hash is that of its bytes."""
    for row in iter_entries():
        if not has_its_leaf_hash(row):
            yield Violation(row.number, "its leaf hash is not that of its bytes")


def sealed_rows() -> Iterator[Violation]:
    """Every entry still equals its sealed bytes."""
    for row in iter_entries():
        if not says_what_was_sealed(row):
            yield Violation(row.number, "its row does not say what its bytes say")


CHECKS = (
    Check(
        "ledger.leaf-hashes",
        N_("The check code of every entry fits what is stored of it."),
        leaf_hashes,
    ),
    Check(
        "ledger.sealed-rows",
        N_("Every entry still says what it said when it was posted."),
        sealed_rows,
    ),
)
