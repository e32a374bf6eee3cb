"""Taking documents in, and encrypting them anew."""

import logging
import secrets

from sqlalchemy import select

from fundapp import clock
from fundapp.crypto import keyring
from fundapp.db import db
from fundapp.documents import intake, store
from fundapp.documents.models import Document
from fundapp.documents.sealing import seal, unseal
from fundapp.errors import NotFoundError
from fundapp.ids import new_id

#: Files that one batch of `reseal_batch` looks at.
BATCH = 50

_log = logging.getLogger(__name__)


def store_document(upload: bytes, *, subject_type: str, subject_ref: str, actor: str) -> Document:
    """Clean ``upload`` and keep it, encrypted, as a document of the subject; part of the caller's
    unit of work.

    Raises DocumentRefusedError. The bytes are written before the row: when the unit of work fails,
    a file without a row stays behind, which nobody can open; a row without its file never does.
    ``actor`` is a user's public id. The caller writes the trail, in the words of the subject.
    """
    accepted = intake.accept(upload)
    document_id = new_id()
    key = f"{clock.today():%Y/%m}/{secrets.token_hex(16)}.sealed"
    store.put(key, seal(document_id, accepted.content))
    document = Document(
        id=document_id,
        subject_type=subject_type,
        subject_ref=subject_ref,
        media_type=accepted.media_type,
        size_bytes=len(accepted.content),
        sha256=accepted.sha256,
        original_sha256=accepted.original_sha256,
        storage_key=key,
        uploaded_by=actor,
        uploaded_at=clock.now(),
    )
    db.session.add(document)
    db.session.flush()
    return document


def reseal_batch(after: int = 0) -> int | None:
    """Encrypt with the newest key what lies in the store of the next documents after id ``after``
    under older ones, or in the clear.

    Gives back the last id looked at, or None when there are no more. Raises DamagedDocumentError.
    """
    following = select(Document).where(Document.id > after).order_by(Document.id).limit(BATCH)
    documents = db.session.scalars(following).all()
    for document in documents:
        _reseal(document)
    return documents[-1].id if documents else None


def _reseal(document: Document) -> None:
    try:
        stored = store.get(document.storage_key)
    except NotFoundError:
        _log.warning("the file of document %s is gone", document.public_id)
        return
    if not keyring().is_newest(stored):
        store.put(document.storage_key, seal(document.id, unseal(document, stored)))
