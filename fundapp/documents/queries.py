"""Documents by subject and by what is due. Who may read one is decided by the package of its
subject.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import and_, or_, select

from fundapp.db import db
from fundapp.documents.models import CHECK_EVERY, Document
from fundapp.documents.store import folder_of
from fundapp.errors import NotFoundError

#: How soon a file that was not intact is opened again: it may have been brought back.
AGAIN_AFTER = timedelta(hours=1)


def list_documents(subject_type: str, subject_refs: Iterable[str]) -> list[Document]:
    """The documents of these subjects, oldest first."""
    statement = (
        select(Document)
        .where(Document.subject_type == subject_type, Document.subject_ref.in_(list(subject_refs)))
        .order_by(Document.id)
    )
    return list(db.session.scalars(statement))


def find_same_document(
    subject_type: str, subject_ref: str, original_sha256: bytes
) -> Document | None:
    """The subject's document that was received with these very bytes, or None."""
    documents = list_documents(subject_type, [subject_ref])
    return next((each for each in documents if each.original_sha256 == original_sha256), None)


def list_due_documents(now: datetime, limit: int) -> list[Document]:
    """Documents whose files are to be opened now: those never opened, then the longest unopened;
    read anew.
    """
    is_due = or_(
        Document.checked_at.is_(None),
        Document.checked_at <= now - CHECK_EVERY,
        and_(Document.intact_version.is_(None), Document.checked_at <= now - AGAIN_AFTER),
    )
    due = select(Document).where(is_due).order_by(Document.checked_at.asc().nulls_first())
    return list(db.session.scalars(due.limit(limit).execution_options(populate_existing=True)))


def list_documents_after(after: int, limit: int) -> list[Document]:
    """The next documents after id ``after``, read anew."""
    following = select(Document).where(Document.id > after).order_by(Document.id).limit(limit)
    return list(db.session.scalars(following.execution_options(populate_existing=True)))


def iter_by_folder() -> Iterator[tuple[str, Iterator[Document]]]:
    """Every document, read anew, by the store's folder that its file is in."""
    statement = select(Document).order_by(Document.storage_key)
    options = statement.execution_options(yield_per=500, populate_existing=True)
    # Whoever reads may stop before the end; the cursor is closed then.
    with closing(db.session.scalars(options)) as documents:
        yield from groupby(documents, key=lambda each: folder_of(each.storage_key))


def get_document(subject_type: str, public_id: str) -> Document:
    """The document of that public id, of a subject of this type; NotFoundError."""
    statement = select(Document).where(
        Document.public_id == public_id, Document.subject_type == subject_type
    )
    document = db.session.scalar(statement)
    if document is None:
        raise NotFoundError
    return document
