"""The table of documents."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from fundapp import clock
from fundapp.db import Base, BigInt, Bytes, UtcDateTime
from fundapp.ids import new_id, new_public_id

#: How long a file that was found intact need not be opened again.
CHECK_EVERY = timedelta(days=30)


class Document(Base):
    """A file that was accepted; its bytes are in the store, encrypted, under ``storage_key``."""

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint("size_bytes > 0", name="not_empty"),
        CheckConstraint("length(sha256) = 32", name="sha256_length"),
        Index("ix_documents_subject", "subject_type", "subject_ref"),
        Index("ix_documents_checked_at", "checked_at"),
        Index("ix_documents_original_sha256", "original_sha256"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    subject_type: Mapped[str] = mapped_column(Text)
    subject_ref: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int] = mapped_column(BigInt)
    sha256: Mapped[bytes] = mapped_column(Bytes, comment="of the bytes as stored")
    original_sha256: Mapped[bytes] = mapped_column(Bytes, comment="of the bytes as received")
    storage_key: Mapped[str] = mapped_column(Text, unique=True)
    uploaded_by: Mapped[str] = mapped_column(Text, comment="public id of the user")
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="when its stored file was last opened to check it"
    )
    intact_version: Mapped[str | None] = mapped_column(
        Text, comment="the store's name of the file's version, if it was found intact then"
    )

    @property
    def is_checked(self) -> bool:
        """Whether the file was found intact within `CHECK_EVERY`."""
        oldest = clock.now() - CHECK_EVERY
        return (
            self.intact_version is not None
            and self.checked_at is not None
            and self.checked_at > oldest
        )
