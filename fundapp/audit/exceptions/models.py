"""What auditors looked at and let be; append-only (``fundapp/audit/sql/*/keep_dismissals.sql``)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Bytes, UtcDateTime
from fundapp.ids import new_id


class Dismissal(Base):
    """An exception that an auditor looked at, with the reason why nothing follows."""

    __tablename__ = "audit_dismissals"
    __table_args__ = (
        UniqueConstraint("rule", "key", name="uq_audit_dismissals_exception"),
        CheckConstraint("rule <> '' AND key <> ''", name="names_exception"),
        CheckConstraint("length(reason_digest) = 32", name="reason_hashed"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    rule: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text, comment="which one: a number, or what it is made of")
    reason_digest: Mapped[bytes] = mapped_column(Bytes, comment="of a remark")
    dismissed_by: Mapped[str] = mapped_column(Text, comment="public id of the user")
    dismissed_at: Mapped[datetime] = mapped_column(UtcDateTime)
