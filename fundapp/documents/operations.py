"""Taking documents in, and encrypting them anew."""

import logging
import secrets

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.crypto import keyring
from fundapp.db import db
from fundapp.documents import intake, store
from fundapp.documents.encryption import decrypt, encrypt
from fundapp.documents.models import Document
from fundapp.documents.policy import may_encrypt_anew, may_store
from fundapp.errors import NotFoundError
from fundapp.ids import new_id

#: Files that one batch of `encrypt_batch_anew` looks at.
BATCH = 50

_log = logging.getLogger(__name__)


def store_document(upload: bytes, *, subject_type: str, subject_ref: str, actor: Actor) -> Document:
    """Clean ``upload`` and keep it, encrypted, as a document of the subject; part of the caller's
    unit of work.

    Raises ForbiddenError, DocumentRefusedError. The bytes are written before the row: when the unit
    of work fails, a file without a row stays behind, which nobody can open; a row without its file
    never does. The caller writes the trail, in the words of the subject.
    """
    require(may_store(actor))
    accepted = intake.accept(upload)
    document_id = new_id()
    key = f"{clock.today():%Y/%m}/{secrets.token_hex(16)}.encrypted"
    store.put(key, encrypt(document_id, accepted.content))
    document = Document(
        id=document_id,
        subject_type=subject_type,
        subject_ref=subject_ref,
        media_type=accepted.media_type,
        size_bytes=len(accepted.content),
        sha256=accepted.sha256,
        original_sha256=accepted.original_sha256,
        storage_key=key,
        uploaded_by=actor.ref,
        uploaded_at=clock.now(),
    )
    db.session.add(document)
    db.session.flush()
    return document


def encrypt_batch_anew(after: int = 0, *, actor: Actor) -> int | None:
    """Encrypt with the newest key what lies in the store of the next documents after id ``after``
    under older ones, or in the clear.

    Gives back the last id looked at, or None when there are no more. Raises ForbiddenError,
    DamagedDocumentError.
    """
    require(may_encrypt_anew(actor))
    following = select(Document).where(Document.id > after).order_by(Document.id).limit(BATCH)
    documents = db.session.scalars(following).all()
    for document in documents:
        _encrypt_anew(document)
    return documents[-1].id if documents else None


def _encrypt_anew(document: Document) -> None:
    try:
        stored = store.get(document.storage_key)
    except NotFoundError:
        _log.warning("the file of document %s is gone", document.public_id)
        return
    if not keyring().is_newest(stored):
        store.put(document.storage_key, encrypt(document.id, decrypt(document, stored)))
