"""Reading documents. Who may read one is decided by the package that owns its subject."""

from collections.abc import Iterable

from sqlalchemy import select

from fundapp.db import db
from fundapp.documents.models import Document
from fundapp.errors import NotFoundError


def get_document(public_id: str) -> Document:
    """The document of that public id; NotFoundError when there is none."""
    found = db.session.scalars(
        select(Document).where(Document.public_id == public_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def list_documents(subject_type: str, subject_refs: Iterable[str]) -> list[Document]:
    """The documents of these subjects, oldest first."""
    statement = (
        select(Document)
        .where(Document.subject_type == subject_type, Document.subject_ref.in_(list(subject_refs)))
        .order_by(Document.id)
    )
    return list(db.session.scalars(statement))


def find_same_upload(original_sha256: bytes) -> Document | None:
    """The first document that came as exactly these bytes, for noticing a paper handed in twice."""
    statement = (
        select(Document)
        .where(Document.original_sha256 == original_sha256)
        .order_by(Document.id)
        .limit(1)
    )
    return db.session.scalars(statement).one_or_none()
