"""Storing what people upload."""

import secrets

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.documents import intake, store
from fundapp.documents.encryption import encrypt
from fundapp.documents.models import Document
from fundapp.documents.policy import may_store
from fundapp.ids import new_id


def store_document(upload: bytes, *, subject_type: str, subject_ref: str, actor: Actor) -> Document:
    """Clean ``upload`` and keep it, encrypted, as a document of the subject; part of the caller's
    unit of work.

    Raises ForbiddenError, DocumentRefusedError. The bytes are written before the row: when the unit
    of work fails, a file without a row is left, which nobody can reach; there is never a row
    without its file. The caller writes the trail, as an event of the subject.
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
