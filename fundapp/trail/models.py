"""Tables of the trail. Triggers refuse UPDATE and DELETE: ``sql/*/append_only.sql``."""

from datetime import datetime

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Json, UtcDateTime
from fundapp.ids import new_id

#: What is done for every gift and every line of a bank: most of the trail.
EVERYDAY_ACTIONS = (
    "giving:donor:register",
    "giving:pledge:make",
    "giving:payment:receive",
    "giving:receipt:issue",
    "banking:line:match",
)
#: What those actions are about.
EVERYDAY_SUBJECTS = ("donor", "pledge", "payment", "receipt", "statement_line")
#: The condition of the index of events by action, as it must stand in a question that uses it.
NOT_EVERYDAY = "action NOT IN ({})".format(", ".join(f"'{name}'" for name in EVERYDAY_ACTIONS))


class AuditEvent(Base):
    """An actor did something; ``action`` is written ``package:noun:verb``."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_subject", "subject_type", "subject_ref", "id"),
        Index("ix_audit_events_actor", "actor", "at", "id"),
        Index("ix_audit_events_at", "at", "id"),
        # Everyday actions are found by time alone; so recording a gift writes nothing here.
        Index(
            "ix_audit_events_action",
            "action",
            "at",
            "id",
            sqlite_where=text(NOT_EVERYDAY),
            postgresql_where=text(NOT_EVERYDAY),
        ),
        Index(
            "ix_audit_events_kind",
            "subject_type",
            "at",
            "id",
            sqlite_where=text(NOT_EVERYDAY),
            postgresql_where=text(NOT_EVERYDAY),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(
        Text, comment="public id of a user, or the name of a process"
    )
    action: Mapped[str] = mapped_column(Text, comment="e.g. disbursements:request:approve")
    subject_type: Mapped[str] = mapped_column(Text)
    subject_ref: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(
        Text, default="", comment="reason or detail; no personal data"
    )
    changes: Mapped[dict[str, list[str]]] = mapped_column(
        Json,
        default=dict,
        server_default="{}",
        comment="what was changed: name -> [before, after]; no personal data",
    )


class ChildRead(Base):
    """Somebody was given what names a child, or a guardian or payee of a child."""

    __tablename__ = "child_reads"
    __table_args__ = (
        Index("ix_child_reads_child", "child_ref", "id"),
        Index("ix_child_reads_reader", "reader", "at", "id"),
        Index("ix_child_reads_at", "at", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reader: Mapped[str] = mapped_column(Text, comment="public id of the user")
    child_ref: Mapped[str] = mapped_column(Text, comment="public id of the child")
    purpose: Mapped[str] = mapped_column(
        Text, comment="what it was read for: file, list, request …"
    )
