"""Checks of the sealed bytes: hashes, and rows against the bytes that were hashed."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from fundapp.audit.checks.base import EntryCheck
from fundapp.clock import iso
from fundapp.ledger.canonical import VERSION, leaf_hash, quoted
from fundapp.ledger.drafts import entry_number
from fundapp.markers import N_

#: Accounts, funds, people and memos come again and again.
_quoted = lru_cache(10_000)(quoted)


def has_its_leaf_hash(row: Sequence[Any], _postings: Sequence[Any]) -> bool:
    """Whether the stored hash is that of the stored bytes."""
    *_, canonical, stored = row
    return bool(leaf_hash(canonical) == stored)


def says_what_was_sealed(row: Sequence[Any], postings: Sequence[Any]) -> bool:
    """Whether the row and its postings still say what the stored bytes say, to the byte."""
    try:
        before, between, after = _parts(row, postings)
    except ValueError:  # a text that the form does not allow was never sealed
        return False
    at, content_hash, canonical = row[3], row[12], row[13]
    instant = iso(at) if isinstance(at, datetime) else at
    sealed = f'{before}"at":"{instant}"{between}"entry":"{entry_number(row[0])}"{after}'
    if sealed.encode() != canonical:
        return False
    content = f'{before}"at":""{between}"entry":""{after}'
    return bool(hashlib.sha256(content.encode()).digest() == content_hash)


def _parts(row: Sequence[Any], postings: Sequence[Any]) -> tuple[str, str, str]:
    """The canonical form of an entry (``fundapp/ledger/canonical.py``), made here from its rows by
    themselves: what is before its instant, between instant and number, and after them.
    """
    (_, kind, on, _, memo, source_type, source_ref, maker, checker, receipt, private, reverses) = (
        row[:12]
    )
    stated = ",".join(
        [f'{_sides(fund, debit, credit)}{satang}"}}' for _, fund, debit, credit, satang in postings]
    )
    before = f'{{"actors":{{"checker":{_quoted(checker)},"maker":{_quoted(maker)}}},'
    after = (
        f',"kind":"{kind}","memo":{_quoted(memo)},"on":"{on}","postings":[{stated}],'
        f'"private":{quoted(private)},"receipt":{quoted(receipt)},'
        f'"reverses":"{"" if reverses is None else entry_number(reverses)}",'
        f'"source":{{"ref":{quoted(source_ref)},"type":{_quoted(source_type)}}},"v":"{VERSION}"}}'
    )
    return before, ',"currency":"THB",', after


@cache
def _sides(fund: str, debit: str, credit: str) -> str:
    return f'{{"credit":{quoted(credit)},"debit":{quoted(debit)},"fund":{quoted(fund)},"satang":"'


CHECKS = (
    EntryCheck(
        "ledger.leaf-hashes",
        N_("The check code of every entry fits what is stored of it."),
        has_its_leaf_hash,
        "its leaf hash is not that of its bytes",
    ),
    EntryCheck(
        "ledger.sealed-rows",
        N_("Every entry still says what it said when it was posted."),
        says_what_was_sealed,
        "its row does not say what its bytes say",
    ),
)
