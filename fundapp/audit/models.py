"""Marks, and the runs of the checks with their results. Triggers refuse UPDATE and DELETE of these
(``sql/*/append_only.sql``); an order for a run changes while it is carried out.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Bytes, Choice, Flag, Json, UtcDateTime, one_of
from fundapp.ids import new_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class CheckState(LabelledEnum):
    """Holds; is broken, by something that needs attention; is broken."""

    GREEN = "green", N_("Passed"), "good"
    YELLOW = "yellow", N_("Needs attention"), "warn"
    RED = "red", N_("Failed"), "bad"


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


class CheckOrder(Base):
    """Somebody, or the night, asked the worker to run the checks; how far it is."""

    __tablename__ = "check_orders"
    __table_args__ = (
        CheckConstraint("(begun_at IS NULL) = (seen_at IS NULL)", name="seen_once_begun"),
        CheckConstraint("ended_at IS NULL OR begun_at IS NOT NULL", name="ended_once_begun"),
        CheckConstraint("checks_done >= 0 AND entries_done >= 0", name="done_counted"),
        Index("ix_check_orders_ended_at", "ended_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    is_full: Mapped[bool] = mapped_column(Flag, comment="false: entries after the last mark")
    asked_by: Mapped[str] = mapped_column(
        Text, comment="public id of a user, or the name of a process"
    )
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="when the worker last said how far it is"
    )
    checks_done: Mapped[int] = mapped_column(BigInt, default=0)
    entries_done: Mapped[int] = mapped_column(BigInt, default=0)
    ended_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="with a run, or without one when it could not be carried out"
    )


class CheckRun(Base):
    """One run of all checks, when it had ended."""

    __tablename__ = "check_runs"
    __table_args__ = (
        CheckConstraint("ended_at >= started_at", name="ended_after_started"),
        CheckConstraint("entry_count >= 0", name="entries_counted"),
        CheckConstraint("began_after IS NULL OR NOT is_full", name="full_from_the_first"),
        UniqueConstraint("order_id"),
        Index("ix_check_runs_full", "is_full", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    order_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("check_orders.id"), comment="none of a command"
    )
    is_full: Mapped[bool] = mapped_column(Flag, comment="false: entries after the last mark")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by: Mapped[str] = mapped_column(
        Text, comment="public id of a user, or the name of a process"
    )
    run_by: Mapped[str] = mapped_column(Text, comment="the name of a process")
    began_after: Mapped[int | None] = mapped_column(
        BigInt,
        ForeignKey("check_marks.entry_id"),
        comment="no entry up to this mark was read one by one",
    )
    proved_to: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("check_marks.entry_id"), comment="the mark that was set because of it"
    )
    entry_count: Mapped[int] = mapped_column(BigInt, comment="of the books, up to its mark too")


class StoredResult(Base):
    """What one check of a run came to."""

    __tablename__ = "check_results"
    __table_args__ = (
        one_of("state", CheckState),
        CheckConstraint("(state = 'green') = (violation_count = 0)", name="counted"),
        CheckConstraint("took_ms >= 0", name="took_time"),
    )

    run_id: Mapped[int] = mapped_column(BigInt, ForeignKey("check_runs.id"), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True, comment="of the check")
    position: Mapped[int] = mapped_column(BigInt, comment="in the order of the checks")
    state: Mapped[CheckState] = mapped_column(Choice(CheckState))
    violation_count: Mapped[int] = mapped_column(BigInt, comment="no more are looked for than 200")
    violations: Mapped[list[Any]] = mapped_column(
        Json, comment="the first rows that break it: what each is called, what is wrong, values"
    )
    took_ms: Mapped[int] = mapped_column(BigInt)


class CheckRunProof(Base):
    """A keyed hash of a run and its results, by the program that stored them (`run_proofs`)."""

    __tablename__ = "check_run_proofs"
    __table_args__ = (
        CheckConstraint("red_count >= 0 AND yellow_count >= 0", name="counted"),
        CheckConstraint("length(results_sha256) = 32", name="results_sha256_length"),
        CheckConstraint("length(proof) = 32", name="proof_length"),
    )

    run_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("check_runs.id"), primary_key=True, autoincrement=False
    )
    red_count: Mapped[int] = mapped_column(BigInt)
    yellow_count: Mapped[int] = mapped_column(BigInt)
    results_sha256: Mapped[bytes] = mapped_column(Bytes, comment="of the results, by name")
    proof: Mapped[bytes] = mapped_column(Bytes, comment="keyed hash of the run and these columns")


class RunBeforeProofs(Base):
    """A run that was stored before runs had proofs. The migration that brought the table wrote the
    rows; none is added, so every other run has a proof.
    """

    __tablename__ = "runs_before_proofs"

    run_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("check_runs.id"), primary_key=True, autoincrement=False
    )
