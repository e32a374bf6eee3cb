"""Taking documents in."""

import secrets

from fundapp import clock
from fundapp.db import db
from fundapp.documents import intake, store
from fundapp.documents.models import Document


def store_document(upload: bytes, *, subject_type: str, subject_ref: str, actor: str) -> Document:
    """Clean ``upload`` and keep it as a document of the subject; part of the caller's unit of work.

    Raises DocumentRefusedError. The bytes are written before the row: when the unit of work fails,
    a file without a row stays behind, which nobody can open; a row without its file never does.
    ``actor`` is a user's public id. The caller writes the trail, in the words of the subject.
    """
    accepted = intake.accept(upload)
    key = f"{clock.today():%Y/%m}/{secrets.token_hex(16)}.{accepted.extension}"
    store.put(key, accepted.content)
    document = Document(
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
