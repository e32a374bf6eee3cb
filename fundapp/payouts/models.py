"""Batches of payouts. Rules: ``fundapp/payouts/sql/*/keep_payout_batches.sql``.

Who asked, approved, made the batch, released it and took its file are five people. Batches,
releases, files and results are append-only; a line leaves the state "waiting" once, and the state
"paid" only when its payment comes back, by a trigger.
"""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.banking.models import BankAccount
from fundapp.db import Base, BigInt, Bytes, Choice, Day, UtcDateTime, one_of
from fundapp.disbursements.models import Decision, DisbursementRequest
from fundapp.identity.models import User
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_

_LIVE = text("state IN ('waiting', 'paid')")


class BankFileKind(LabelledEnum):
    """In which layout the bank gets a batch."""

    CSV = "csv", N_("CSV file")
    SMART = "smart", N_("SMART Credit file (320 characters, TIS-620)")


class LineState(LabelledEnum):
    """What became of one payout of a batch."""

    WAITING = "waiting", N_("Waiting for the bank's result"), "info"
    PAID = "paid", N_("Paid out"), "good"
    FAILED = "failed", N_("Failed, sent back to who asked"), "bad"
    WITHDRAWN = "withdrawn", N_("Taken out of the batch")
    RETURNED = "returned", N_("Paid out and came back"), "bad"


class BankOutcome(LabelledEnum):
    """What the bank says of one payout."""

    PAID = "paid", N_("Paid out"), "good"
    FAILED = "failed", N_("Failed at the bank"), "bad"


class BatchState(LabelledEnum):
    """How far a batch is; it follows from its rows."""

    MADE = "made", N_("To be released"), "warn"
    RELEASED = "released", N_("Released, the file is to be taken"), "info"
    TAKEN = "taken", N_("With the bank"), "info"
    DONE = "done", N_("Done"), "good"
    WITHDRAWN = "withdrawn", N_("Withdrawn")

    @classmethod
    def of(cls, states: set[LineState], files: int, releases: int) -> "BatchState":
        """The state of a batch with lines in these states and so many files and releases."""
        if states == {LineState.WITHDRAWN}:
            return cls.WITHDRAWN
        if LineState.WAITING not in states:
            return cls.DONE
        if files < releases:
            return cls.RELEASED
        return cls.TAKEN if files else cls.MADE


class PayoutBatch(Base):
    """Approved requests that are paid by transfer from one bank account on one day."""

    __tablename__ = "payout_batches"
    __table_args__ = (UniqueConstraint("id", "made_by_id", name="uq_payout_batches_maker"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    number: Mapped[str] = mapped_column(Text, unique=True, comment="readable: PB…")
    form_key: Mapped[str] = mapped_column(Text, unique=True, comment="of the form that made it")
    bank_account_code: Mapped[str] = mapped_column(Text, ForeignKey("bank_accounts.code"))
    account_code: Mapped[str] = mapped_column(
        Text, ForeignKey("accounts.code"), comment="of the books, when the batch was made"
    )
    pay_on: Mapped[date] = mapped_column(Day)
    made_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    bank_account: Mapped[BankAccount] = relationship()
    made_by: Mapped[User] = relationship()
    lines: Mapped[list["PayoutBatchLine"]] = relationship(
        back_populates="batch", order_by="PayoutBatchLine.position"
    )
    releases: Mapped[list["PayoutBatchRelease"]] = relationship(
        order_by="PayoutBatchRelease.number"
    )
    files: Mapped[list["PayoutBatchFile"]] = relationship(
        primaryjoin="foreign(PayoutBatchFile.batch_id) == PayoutBatch.id",
        order_by="PayoutBatchFile.release_number",
    )

    @property
    def state(self) -> BatchState:
        """How far it is."""
        states = {line.state for line in self.lines}
        return BatchState.of(states, len(self.files), len(self.releases))

    @property
    def total_satang(self) -> int:
        """The sum of its lines, in satang; of those taken out only when all are."""
        left = [line for line in self.lines if line.state is not LineState.WITHDRAWN]
        return sum(line.amount_satang for line in left or self.lines)


class PayoutBatchLine(Base):
    """One approved request in a batch; of a request one line waits or is paid."""

    __tablename__ = "payout_batch_lines"
    __table_args__ = (
        one_of("state", LineState),
        ForeignKeyConstraint(
            ["request_id", "requested_by_id", "amount_satang"],
            [
                "disbursement_requests.id",
                "disbursement_requests.requested_by_id",
                "disbursement_requests.total_satang",
            ],
            name="fk_payout_batch_lines_request",
        ),
        ForeignKeyConstraint(
            ["request_id", "approver_id", "decision", "approval_id"],
            [
                "approvals.request_id",
                "approvals.approver_id",
                "approvals.decision",
                "approvals.id",
            ],
            name="fk_payout_batch_lines_approval",
        ),
        CheckConstraint("decision = 'approve'", name="on_approval"),
        CheckConstraint("position BETWEEN 1 AND 5000", name="position_in_range"),
        UniqueConstraint("batch_id", "position", name="uq_payout_batch_lines_position"),
        UniqueConstraint("batch_id", "voucher", name="uq_payout_batch_lines_voucher"),
        Index(
            "uq_payout_batch_lines_live",
            "request_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_payout_batch_lines_state", "state", "id"),
        Index("ix_payout_batch_lines_voucher", "voucher"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    batch_id: Mapped[int] = mapped_column(BigInt, ForeignKey("payout_batches.id"))
    position: Mapped[int] = mapped_column(BigInt)
    request_id: Mapped[int] = mapped_column(BigInt)
    requested_by_id: Mapped[int] = mapped_column(BigInt)
    approval_id: Mapped[int] = mapped_column(BigInt)
    approver_id: Mapped[int] = mapped_column(BigInt)
    decision: Mapped[Decision] = mapped_column(Choice(Decision), default=Decision.APPROVE)
    amount_satang: Mapped[int] = mapped_column(BigInt)
    voucher: Mapped[str] = mapped_column(Text, comment="given at approval: PV…")
    state: Mapped[LineState] = mapped_column(Choice(LineState), default=LineState.WAITING)

    batch: Mapped[PayoutBatch] = relationship(back_populates="lines")
    request: Mapped[DisbursementRequest] = relationship(
        primaryjoin="foreign(PayoutBatchLine.request_id) == DisbursementRequest.id", viewonly=True
    )
    result: Mapped["PayoutBatchResult | None"] = relationship(back_populates="line")


class PayoutBatchRelease(Base):
    """Somebody who did not make the batch, and asked for and approved nothing in it, lets its file
    be taken, once.
    """

    __tablename__ = "payout_batch_releases"
    __table_args__ = (
        ForeignKeyConstraint(
            ["batch_id", "made_by_id"],
            ["payout_batches.id", "payout_batches.made_by_id"],
            name="fk_payout_batch_releases_batch",
        ),
        UniqueConstraint(
            "batch_id",
            "number",
            "made_by_id",
            "released_by_id",
            name="uq_payout_batch_releases_people",
        ),
        CheckConstraint("released_by_id <> made_by_id", name="two_people"),
    )

    batch_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    made_by_id: Mapped[int] = mapped_column(BigInt)
    released_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)

    released_by: Mapped[User] = relationship()


class PayoutBatchFile(Base):
    """The file of a batch was taken to the bank: only its hash is kept. Once for each release."""

    __tablename__ = "payout_batch_files"
    __table_args__ = (
        one_of("kind", BankFileKind),
        ForeignKeyConstraint(
            ["batch_id", "release_number", "made_by_id", "released_by_id"],
            [
                "payout_batch_releases.batch_id",
                "payout_batch_releases.number",
                "payout_batch_releases.made_by_id",
                "payout_batch_releases.released_by_id",
            ],
            name="fk_payout_batch_files_release",
        ),
        CheckConstraint(
            "taken_by_id <> made_by_id AND taken_by_id <> released_by_id", name="three_people"
        ),
        CheckConstraint("length(file_sha256) = 32", name="file_hashed"),
    )

    batch_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    release_number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    made_by_id: Mapped[int] = mapped_column(BigInt)
    released_by_id: Mapped[int] = mapped_column(BigInt)
    taken_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    kind: Mapped[BankFileKind] = mapped_column(Choice(BankFileKind))
    file_sha256: Mapped[bytes] = mapped_column(Bytes)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)

    taken_by: Mapped[User] = relationship()


class PayoutBatchResult(Base):
    """What the bank said of one line, once; its words are a remark on the request."""

    __tablename__ = "payout_batch_results"
    __table_args__ = (
        one_of("outcome", BankOutcome),
        CheckConstraint("length(file_sha256) = 32", name="file_hashed"),
        CheckConstraint(
            "(outcome = 'failed') = (reason_digest IS NOT NULL)", name="failure_has_reason"
        ),
    )

    line_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("payout_batch_lines.id"), primary_key=True, autoincrement=False
    )
    outcome: Mapped[BankOutcome] = mapped_column(Choice(BankOutcome))
    reason_digest: Mapped[bytes | None] = mapped_column(
        Bytes, comment="of the bank's words, which are a remark"
    )
    file_sha256: Mapped[bytes] = mapped_column(Bytes, comment="of the file that told it")
    told_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)

    line: Mapped[PayoutBatchLine] = relationship(back_populates="result")
    told_by: Mapped[User] = relationship()
