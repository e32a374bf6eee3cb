"""Tables of the thread: a cache of what `fundapp.ledger.thread.rule` says of the journal.

Whoever spends keeps them up in the same transaction (`fundapp.ledger.thread.steps`); a gift writes
none of them. Triggers (``fundapp/ledger/sql/*/keep_thread.sql``) hold each row to what its entries
moved; the check ``ledger.thread`` recomputes all rows.
"""

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt


class ThreadMove(Base):
    """Money of a source that became part of what took it or, below zero, went back.

    What a source became is the sum of its moves by taker. ``cause_entry_id`` is the entry with
    which it happened: what took the money, what gave it back, or the money that covered a shortage.
    """

    __tablename__ = "thread_moves"
    __table_args__ = (
        CheckConstraint("satang <> 0", name="moves_something"),
        CheckConstraint("taker_entry_id <> source_entry_id", name="two_entries"),
        CheckConstraint(
            "cause_entry_id >= taker_entry_id AND cause_entry_id >= source_entry_id",
            name="caused_last",
        ),
        Index("ix_thread_moves_taker", "taker_entry_id", "fund_code", "source_entry_id", "satang"),
        Index("ix_thread_moves_source", "source_entry_id", "fund_code", "taker_entry_id", "satang"),
        {"sqlite_with_rowid": False},
    )

    cause_entry_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"), primary_key=True)
    taker_entry_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    source_entry_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    satang: Mapped[int] = mapped_column(BigInt, comment="below zero: given back to the source")


class ThreadRest(Base):
    """Above zero: what is left of a source at or before the fund's head. Below zero: what no money
    covers of an entry that took some. Sources after the head have all their money left.
    """

    __tablename__ = "thread_rests"
    __table_args__ = (
        CheckConstraint("rest_satang <> 0", name="rests_something"),
        {"sqlite_with_rowid": False},
    )

    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    rest_satang: Mapped[int] = mapped_column(BigInt, comment="below zero: covered by nothing yet")


class ThreadHead(Base):
    """How far the thread of a fund has come."""

    __tablename__ = "thread_heads"
    __table_args__ = (
        CheckConstraint("head_entry_id <= last_entry_id", name="head_before_last"),
        {"sqlite_with_rowid": False},
    )

    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"), primary_key=True)
    head_entry_id: Mapped[int] = mapped_column(
        BigInt, comment="the newest source of which something was taken"
    )
    last_entry_id: Mapped[int] = mapped_column(
        BigInt, comment="the newest entry that took money, gave it back or was undone"
    )


class ThreadLate(Base):
    """Money that was written after the head of its fund had passed its place; the next who spends
    follows the fund's thread anew. Triggers write the rows.
    """

    __tablename__ = "thread_late"
    __table_args__ = ({"sqlite_with_rowid": False},)

    fund_code: Mapped[str] = mapped_column(Text, primary_key=True)
    entry_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
