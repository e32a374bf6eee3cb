"""Storing what people upload."""

import secrets
from dataclasses import dataclass

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.documents import store
from fundapp.documents.encryption import encrypt
from fundapp.documents.faults import open_file
from fundapp.documents.intake import Accepted
from fundapp.documents.models import Document
from fundapp.documents.policy import may_store
from fundapp.documents.queries import find_same_document
from fundapp.ids import new_id


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document of the subject; ``is_written`` says whether its file was written now, because it
    is new or because its file was missing or damaged.
    """

    document: Document
    is_written: bool


def store_document(
    accepted: Accepted, *, subject_type: str, subject_ref: str, actor: Actor
) -> StoredDocument:
    """Keep a clean document, encrypted, as one of the subject; part of the caller's unit of work.
    The same upload is kept once for a subject: sent again, it replaces a file that is missing or
    damaged.

    Raises ForbiddenError. The bytes are durable before the row is written: when the unit of work
    fails, a file without a row is left, which nobody can reach; there is never a row without its
    file. The caller writes the trail, as an event of the subject.
    """
    require(may_store(actor, subject_type))
    same = find_same_document(subject_type, subject_ref, accepted.original_sha256)
    if same is not None:
        return StoredDocument(same, is_written=_restore(same, accepted))
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
    return StoredDocument(document, is_written=True)


def _restore(document: Document, accepted: Accepted) -> bool:
    """Write the document's file again if it is not intact; returns whether it was not.

    Its hash and size are written too: another version of the library that encodes pictures gives
    other bytes for the same upload.
    """
    if open_file(document).fault is None:
        return False
    store.put(document.storage_key, encrypt(document.id, accepted.content))
    document.sha256 = accepted.sha256
    document.size_bytes = len(accepted.content)
    document.checked_at = document.intact_version = None
    db.session.flush()
    return True
