"""Rotating the field keys of everything, in as many units of work as it takes."""

from collections.abc import Callable, Iterator
from functools import partial

from fundapp.access.actors import Actor
from fundapp.children.operations import reencrypt_rows
from fundapp.crypto.models import DigestKey
from fundapp.db import unit_of_work
from fundapp.db.encrypted_columns import encrypted_columns
from fundapp.documents.operations import reencrypt_documents


def rotate_keys(*, actor: Actor) -> Iterator[tuple[str, int]]:
    """Encrypt every encrypted value and document with the newest key; yields what has been done and
    in how many batches. The digest key comes first: whatever happens later, hashes stay.

    It may be interrupted and run again at any time. Raises ForbiddenError, KeyringError,
    DamagedDocumentError.
    """
    first = DigestKey.__tablename__
    by_table = encrypted_columns()
    for table in sorted(by_table, key=lambda name: name != first):
        columns = by_table[table]
        yield table, _count_batches(partial(reencrypt_rows, table, columns, actor=actor))
    yield "files of documents", _count_batches(partial(reencrypt_documents, actor=actor))


def _count_batches(work: Callable[[int], int | None]) -> int:
    """Run the work on batch after batch, each in a unit of work of its own."""
    batches, after = 0, unit_of_work(work, 0)
    while after is not None:
        batches, after = batches + 1, unit_of_work(work, after)
    return batches
