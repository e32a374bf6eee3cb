"""Tables of the sealed log: leaves, tiles, checkpoints, new beginnings, witnesses and what they
cosigned. Rows are only added, and a tile only grows (``fundapp/ledger/sql/*/keep_log.sql``); a
witness can only be ended and begin again (``keep_witnesses.sql``).
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Bytes, UtcDateTime

#: How many hashes a full tile has.
TILE_WIDTH = 256


class LogLeaf(Base):
    """The place of an entry in the log. Places have no gap."""

    __tablename__ = "log_leaves"
    __table_args__ = (
        UniqueConstraint("entry_id", name="uq_log_leaves_entry_id"),
        CheckConstraint("leaf_index >= 0", name="index_from_zero"),
    )

    leaf_index: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(BigInt, ForeignKey("journal_entries.id"))


class LogTile(Base):
    """Up to 256 neighbouring hashes of the tree, of level 8 × ``level``, in one value."""

    __tablename__ = "log_tiles"
    __table_args__ = (
        CheckConstraint("level BETWEEN 0 AND 7", name="level_in_range"),
        CheckConstraint("position >= 0", name="position_from_zero"),
        CheckConstraint(
            "length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0", name="whole_hashes"
        ),
    )

    level: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(Bytes, comment="32 bytes each, from the left")


class LogBeginning(Base):
    """Why the log goes on under another name: the books are no longer those that were signed last,
    because an older backup was restored.
    """

    __tablename__ = "log_beginnings"
    __table_args__ = (
        CheckConstraint("number >= 2", name="number_from_two"),
        CheckConstraint("reason <> '' AND last_note <> '' AND maker <> ''", name="explained"),
        CheckConstraint("size >= 0", name="size_from_zero"),
    )

    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigInt, comment="leaves that both logs have")
    last_note: Mapped[str] = mapped_column(Text, comment="the last checkpoint of the log before")
    reason: Mapped[str] = mapped_column(Text, comment="public, no personal data")
    maker: Mapped[str] = mapped_column(Text)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LogCheckpoint(Base):
    """A signed statement about the first ``size`` leaves."""

    __tablename__ = "log_checkpoints"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("size >= 0", name="size_from_zero"),
        CheckConstraint("length(root) = 32", name="root_sha256"),
        CheckConstraint("note <> '' AND vkey <> ''", name="signed"),
    )

    number: Mapped[int] = mapped_column(
        BigInt, primary_key=True, autoincrement=False, comment="of the log; see log_beginnings"
    )
    size: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(Bytes)
    note: Mapped[str] = mapped_column(Text, comment="the signed note (C2SP tlog-checkpoint)")
    vkey: Mapped[str] = mapped_column(Text, comment="the verifier key of the note")
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LogWitness(Base):
    """Another party that cosigns checkpoints, until it is ended."""

    __tablename__ = "log_witnesses"
    __table_args__ = (CheckConstraint("name <> '' AND url <> '' AND vkey <> ''", name="described"),)

    name: Mapped[str] = mapped_column(Text, primary_key=True, comment="that of its key")
    url: Mapped[str] = mapped_column(Text, comment="before /add-checkpoint")
    vkey: Mapped[str] = mapped_column(Text, comment="its verifier key (C2SP, 0x04)")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LogCosignature(Base):
    """That a witness found a checkpoint to go on from the one that it had cosigned before."""

    __tablename__ = "log_cosignatures"
    __table_args__ = (
        ForeignKeyConstraint(
            ["number", "size"],
            ["log_checkpoints.number", "log_checkpoints.size"],
            name="fk_log_cosignatures_checkpoint",
        ),
        CheckConstraint("line <> ''", name="signed"),
    )

    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    witness_name: Mapped[str] = mapped_column(
        Text, ForeignKey("log_witnesses.name"), primary_key=True
    )
    line: Mapped[str] = mapped_column(Text, comment="the signature below the note (cosignature/v1)")
    cosigned_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="what the witness says")
