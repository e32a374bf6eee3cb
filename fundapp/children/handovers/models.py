"""Who is responsible for a child from when until when, and what hands a child over.

``fundapp/children/sql/*/keep_handovers.sql`` keeps what was written: a responsibility ends once,
and a hand-over is settled once.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.children.models import Child
from fundapp.db import Base, BigInt, Bytes, Flag, UtcDateTime
from fundapp.identity.models import User
from fundapp.ids import new_id, new_public_id

#: Conditions of the indexes, as they must stand in a question that uses them.
NOW = "until_at IS NULL"
PAST = "until_at IS NOT NULL"
WAITING = "settled_at IS NULL"


class ChildManager(Base):
    """The case manager of a child in a district; ``manager_id`` is NULL while nobody is. An open or
    waiting file has exactly one row without an end, a closed one has none.
    """

    __tablename__ = "child_managers"
    __table_args__ = (
        CheckConstraint("until_at IS NULL OR until_at >= since_at", name="ends_later"),
        CheckConstraint("handover_id IS NULL OR manager_id IS NOT NULL", name="handed_to_somebody"),
        Index("ix_child_managers_child_id", "child_id", "id"),
        Index(
            "uq_child_managers_now",
            "child_id",
            unique=True,
            sqlite_where=text(NOW),
            postgresql_where=text(NOW),
        ),
        Index(
            "ix_child_managers_district",
            "district_code",
            "manager_id",
            "child_id",
            sqlite_where=text(NOW),
            postgresql_where=text(NOW),
        ),
        # Whom somebody was responsible for: asked of each child of a list, for its viewer.
        Index(
            "ix_child_managers_past",
            "manager_id",
            "child_id",
            sqlite_where=text(PAST),
            postgresql_where=text(PAST),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    child_id: Mapped[int] = mapped_column(BigInt, ForeignKey("children.id"))
    district_code: Mapped[str] = mapped_column(Text, ForeignKey("districts.code"))
    manager_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("users.id"), comment="NULL: nobody is responsible"
    )
    handover_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("child_handovers.id"), unique=True, comment="by which it began"
    )
    since_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    manager: Mapped[User | None] = relationship(lazy="joined")


class ChildHandover(Base):
    """A child is handed over to another case manager of its district, who takes it or does not."""

    __tablename__ = "child_handovers"
    __table_args__ = (
        CheckConstraint("from_id IS NULL OR from_id <> to_id", name="to_another"),
        CheckConstraint("asked_by_id <> to_id", name="two_people"),
        CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL)"
            " AND (settled_at IS NULL) = (is_taken IS NULL)",
            name="settled_by_somebody",
        ),
        CheckConstraint(
            "is_taken IS NULL OR NOT is_taken OR settled_by_id = to_id", name="taken_by_receiver"
        ),
        Index("ix_child_handovers_child_id", "child_id", "id"),
        Index(
            "uq_child_handovers_waiting",
            "child_id",
            unique=True,
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
        Index(
            "ix_child_handovers_to_id",
            "to_id",
            "id",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    child_id: Mapped[int] = mapped_column(BigInt, ForeignKey("children.id"))
    from_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("users.id"), comment="NULL: nobody was responsible"
    )
    to_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    words_encrypted: Mapped[bytes] = mapped_column(Bytes, comment="what the next one should know")
    asked_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("users.id"))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_taken: Mapped[bool | None] = mapped_column(Flag, comment="false: it came to nothing")

    child: Mapped[Child] = relationship()
    previous: Mapped[User | None] = relationship(foreign_keys=[from_id])
    receiver: Mapped[User] = relationship(foreign_keys=[to_id])
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    settled_by: Mapped[User | None] = relationship(foreign_keys=[settled_by_id])
