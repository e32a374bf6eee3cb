"""What the database keeps of keys: a proof of each field key, and the digest key, encrypted."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Bytes, UtcDateTime


class FieldKeyProof(Base):
    """A known text that a field key has encrypted. It is written before the key encrypts anything
    else and removed when a rotation has left nothing under the key; it shows at the start whether
    ``FIELD_KEYS`` names the keys of this database.
    """

    __tablename__ = "field_key_proofs"
    __table_args__ = (
        CheckConstraint("length(key_id) BETWEEN 1 AND 16", name="key_id_short"),
        CheckConstraint("length(proof) > 30", name="proof_encrypted"),
    )

    key_id: Mapped[str] = mapped_column(Text, primary_key=True)
    proof: Mapped[bytes] = mapped_column(Bytes, comment="never encrypted with another key")
    first_used_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DigestKey(Base):
    """The key of every keyed hash, as base64, encrypted. There is one row, which stays."""

    __tablename__ = "digest_keys"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    key_encrypted: Mapped[bytes] = mapped_column(Bytes)
