"""Documents by subject. Who may read one is decided by the package of its subject."""

from collections.abc import Iterable

from sqlalchemy import select

from fundapp.db import db
from fundapp.documents.models import Document


def list_documents(subject_type: str, subject_refs: Iterable[str]) -> list[Document]:
    """The documents of these subjects, oldest first."""
    statement = (
        select(Document)
        .where(Document.subject_type == subject_type, Document.subject_ref.in_(list(subject_refs)))
        .order_by(Document.id)
    )
    return list(db.session.scalars(statement))
