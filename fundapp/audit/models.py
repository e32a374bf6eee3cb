"""The table of marks. Triggers refuse UPDATE and DELETE: ``sql/*/append_only.sql``."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Bytes, UtcDateTime


class CheckMark(Base):
    """Up to this entry every check held. What it says is read again by every full run of the
    checks; the run of the night begins after it.
    """

    __tablename__ = "check_marks"
    __table_args__ = (
        CheckConstraint("entry_count > 0", name="has_entries"),
        CheckConstraint("length(leaves_sha256) = 32", name="leaves_sha256_length"),
        CheckConstraint("length(proof) = 32", name="proof_length"),
    )

    entry_id: Mapped[int] = mapped_column(
        BigInt, primary_key=True, autoincrement=False, comment="no entry after it was read"
    )
    entry_count: Mapped[int] = mapped_column(BigInt, comment="of the books up to there")
    leaves_sha256: Mapped[bytes] = mapped_column(
        Bytes, comment="of the digest of the mark before and the leaf hashes since"
    )
    proof: Mapped[bytes] = mapped_column(Bytes, comment="keyed hash of what the mark says")
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)
