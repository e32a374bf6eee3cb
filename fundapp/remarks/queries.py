"""Remarks without their words: nothing here decrypts."""

from collections.abc import Iterable

from sqlalchemy import select

from fundapp.db import db
from fundapp.remarks.models import Remark, RemarkKind


def find_remarks(digests: Iterable[bytes | None]) -> dict[bytes, Remark]:
    """The remarks with these digests, by digest, in one query; None among them is left out."""
    wanted = {digest for digest in digests if digest is not None}
    if not wanted:
        return {}
    rows = db.session.scalars(select(Remark).where(Remark.digest.in_(wanted)))
    return {remark.digest: remark for remark in rows}


def list_remarks(
    subject_type: str, subject_refs: Iterable[str], kind: RemarkKind | None = None
) -> list[Remark]:
    """The remarks on these things, oldest first, in one query."""
    statement = select(Remark).where(
        Remark.subject_type == subject_type, Remark.subject_ref.in_(set(subject_refs))
    )
    if kind is not None:
        statement = statement.where(Remark.kind == kind)
    return list(db.session.scalars(statement.order_by(Remark.id)))


def list_erased(limit: int = 50) -> list[Remark]:
    """The remarks whose words were erased, the last first."""
    erased = select(Remark).where(Remark.erased_at.is_not(None))
    return list(db.session.scalars(erased.order_by(Remark.erased_at.desc()).limit(limit)))
