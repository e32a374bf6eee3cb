"""Spreadsheets with children: what waits, what was taken over, and which columns hold what."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Bytes, Json, UtcDateTime
from fundapp.ids import new_id, new_public_id


class ChildImportProfile(Base):
    """Which columns of a kind of list hold what, under a name."""

    __tablename__ = "child_import_profiles"
    __table_args__ = (CheckConstraint("length(name) BETWEEN 1 AND 60", name="name_length"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    name: Mapped[str] = mapped_column(Text, unique=True)
    mapping: Mapped[dict[str, object]] = mapped_column(
        Json, comment="headings by what they hold, the order of days, the district of all rows"
    )
    saved_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChildImport(Base):
    """A list that was uploaded: its rows are kept, encrypted, until it is taken over or has
    expired. Rules: ``fundapp/children/sql/*/keep_child_imports.sql``.
    """

    __tablename__ = "child_imports"
    __table_args__ = (
        CheckConstraint("length(file_sha256) = 32", name="file_sha256_length"),
        CheckConstraint("row_count > 0", name="has_rows"),
        CheckConstraint("committed_at IS NULL OR rows_encrypted IS NULL", name="committed_whole"),
        Index("ix_child_imports_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    file_sha256: Mapped[bytes] = mapped_column(Bytes)
    row_count: Mapped[int] = mapped_column(BigInt)
    rows_encrypted: Mapped[bytes | None] = mapped_column(
        Bytes, comment="NULL: taken over, or expired"
    )
    mapping: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    uploaded_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    committed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    counts: Mapped[dict[str, int]] = mapped_column(Json, default=dict, comment="of what it brought")


class ChildImportMark(Base):
    """Which row became which child, by a keyed hash: the same row brings nothing more. It stays."""

    __tablename__ = "child_import_marks"
    __table_args__ = (CheckConstraint("length(digest) = 32", name="digest_length"),)

    digest: Mapped[bytes] = mapped_column(Bytes, primary_key=True)
    child_id: Mapped[int] = mapped_column(BigInt, ForeignKey("children.id"), index=True)
    import_id: Mapped[int] = mapped_column(BigInt, ForeignKey("child_imports.id"))
