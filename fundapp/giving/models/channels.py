"""How donors link their accounts at LINE, what LINE told, and which years they were written to of.

What somebody writes to the fund at LINE is not kept: only the keyed hash of what may be a code.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Bytes, Choice, UtcDateTime, one_of
from fundapp.ids import new_id
from fundapp.mail.line import LineEventKind


class LineCode(Base):
    """A code that links the account at LINE from which it is sent with a donor, once."""

    __tablename__ = "line_codes"
    __table_args__ = (
        CheckConstraint("length(code_lookup) = 32", name="code_lookup_length"),
        CheckConstraint("expires_at > made_at", name="expires_later"),
        Index("ix_line_codes_donor_id", "donor_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    donor_id: Mapped[int] = mapped_column(BigInt, ForeignKey("donors.id"))
    code_lookup: Mapped[bytes] = mapped_column(Bytes, unique=True, comment="its keyed hash")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StoredLineEvent(Base):
    """What LINE told, stored before anything is done about it; done once (``handled_at``)."""

    __tablename__ = "line_events"
    __table_args__ = (
        one_of("kind", LineEventKind),
        CheckConstraint("(kind = 'text') = (code_lookup IS NOT NULL)", name="text_with_code"),
        CheckConstraint(
            "code_lookup IS NULL OR length(code_lookup) = 32", name="code_lookup_length"
        ),
        Index(
            "ix_line_events_waiting",
            "id",
            sqlite_where=text("handled_at IS NULL"),
            postgresql_where=text("handled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    event_id: Mapped[str] = mapped_column(Text, unique=True, comment="of LINE")
    kind: Mapped[LineEventKind] = mapped_column(Choice(LineEventKind))
    user_encrypted: Mapped[bytes] = mapped_column(Bytes, comment="whose, at LINE")
    code_lookup: Mapped[bytes | None] = mapped_column(Bytes)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class YearMessage(Base):
    """That a donor was written to about what was given in a year (B.E.), once."""

    __tablename__ = "year_messages"
    __table_args__ = (CheckConstraint("year BETWEEN 2500 AND 2700", name="year_be"),)

    donor_id: Mapped[int] = mapped_column(BigInt, ForeignKey("donors.id"), primary_key=True)
    year: Mapped[int] = mapped_column(BigInt, primary_key=True)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
