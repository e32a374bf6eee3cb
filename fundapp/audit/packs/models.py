"""The table of packs. A trigger keeps what was made (``fundapp/audit/sql/*/keep_packs.sql``)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Bytes, Day, UtcDateTime
from fundapp.documents.models import Document
from fundapp.ids import new_id, readable

#: What the number of a pack begins with.
NUMBER_PREFIX = "PK"


class AuditPack(Base):
    """A pack that somebody asked for; the worker makes it, and it stays as it was made."""

    __tablename__ = "audit_packs"
    __table_args__ = (
        CheckConstraint("from_on <= to_on", name="days_in_order"),
        CheckConstraint("(begun_at IS NULL) = (seen_at IS NULL)", name="seen_once_begun"),
        CheckConstraint("ended_at IS NULL OR begun_at IS NOT NULL", name="ended_once_begun"),
        CheckConstraint("parts_done >= 0 AND parts_in_all >= 0", name="parts_counted"),
        CheckConstraint(
            "(document_id IS NULL) = (sha256 IS NULL)"
            " AND (document_id IS NULL OR ended_at IS NOT NULL)",
            name="stored_when_ended",
        ),
        CheckConstraint("length(sha256) = 32", name="sha256_length"),
        UniqueConstraint("idempotency_key", name="uq_audit_packs_idempotency_key"),
        Index("ix_audit_packs_ended_at", "ended_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    from_on: Mapped[date] = mapped_column(Day)
    to_on: Mapped[date] = mapped_column(Day)
    asked_by: Mapped[str] = mapped_column(Text, comment="public id of the user")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="when the worker last said how far it is"
    )
    parts_done: Mapped[int] = mapped_column(BigInt, default=0)
    parts_in_all: Mapped[int] = mapped_column(BigInt, default=0)
    ended_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="with a document, or without one when it could not be made"
    )
    document_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("documents.id"))
    sha256: Mapped[bytes | None] = mapped_column(Bytes, comment="of the archive")
    idempotency_key: Mapped[str] = mapped_column(Text, comment="of the form that was sent")

    document: Mapped[Document | None] = relationship()

    @property
    def number(self) -> str:
        """The number by which the pack is named: PK and 13 characters."""
        return readable(self.id, NUMBER_PREFIX)
