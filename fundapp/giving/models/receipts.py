"""Receipts and their numbers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Bytes, Choice, Day, UtcDateTime, one_of
from fundapp.giving.models.payments import Payment
from fundapp.giving.models.pledges import Method
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.ledger.models import Fund
from fundapp.markers import N_


class ReplaceReason(LabelledEnum):
    """Why a receipt is made void and another one issued for the same money."""

    NAME = "name", N_("The name on it was wrong")
    DETAILS = "details", N_("The address or the tax number was missing or wrong")
    LOST = "lost", N_("The paper was lost, and its holder asks for a new number")


class EDonationState(LabelledEnum):
    """Whether a gift is in the e-Donation system of the Revenue Department."""

    TO_ENTER = "to_enter", N_("To enter"), "warn"
    ENTERED = "entered", N_("Entered"), "good"
    NOT_NEEDED = "not_needed", N_("Not needed"), "neutral"


class ReceiptCounter(Base):
    """The last receipt number of a fiscal year. Its row is locked while a number is taken, so that
    numbers have no gap.
    """

    __tablename__ = "receipt_counters"

    fiscal_year: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    last_number: Mapped[int] = mapped_column(BigInt)


class Receipt(Base):
    """A receipt, numbered without a gap per Thai fiscal year; its content is frozen when it is
    issued.
    """

    __tablename__ = "receipts"
    __table_args__ = (
        UniqueConstraint("fiscal_year", "number", name="uq_receipts_year_number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("(voided_at IS NULL) = (void_reason = '')", name="void_has_reason"),
        Index(
            "uq_receipts_payment_valid",
            "payment_id",
            unique=True,
            sqlite_where=text("voided_at IS NULL"),
            postgresql_where=text("voided_at IS NULL"),
        ),
        Index("ix_receipts_payment_id", "payment_id"),
        # The register of void ones.
        Index(
            "ix_receipts_void",
            "fiscal_year",
            "number",
            sqlite_where=text("voided_at IS NOT NULL"),
            postgresql_where=text("voided_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    code: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    fiscal_year: Mapped[int] = mapped_column(BigInt, comment="B.E.")
    number: Mapped[int] = mapped_column(BigInt)
    payment_id: Mapped[int] = mapped_column(BigInt, ForeignKey("payments.id"))
    issued_on: Mapped[date] = mapped_column(Day)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    donor_name: Mapped[str] = mapped_column(Text, comment="empty when the gift is anonymous")
    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"))
    method: Mapped[Method] = mapped_column(Choice(Method))
    amount_satang: Mapped[int] = mapped_column(BigInt)
    received_on: Mapped[date] = mapped_column(Day)
    tax_wording_number: Mapped[int] = mapped_column(
        BigInt,
        default=1,
        server_default="1",
        comment="which of the fund's wordings it says about tax",
    )
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    void_reason: Mapped[str] = mapped_column(Text, default="")
    replaces_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("receipts.id"), unique=True, comment="the void one whose money it is for"
    )

    payment: Mapped[Payment] = relationship(lazy="joined")
    fund: Mapped[Fund] = relationship(lazy="joined")
    content: Mapped["ReceiptContent | None"] = relationship()

    @property
    def label(self) -> str:
        """The number as printed: B.E. fiscal year and six digits."""
        return f"{self.fiscal_year}-{self.number:06d}"


class ReceiptContent(Base):
    """Everything that a receipt says, frozen when it is issued; append-only.

    Encrypted is the canonical JSON of `fundapp.giving.receipts.content`, because it holds addresses
    and tax numbers; ``content_hash`` is its SHA-256.
    """

    __tablename__ = "receipt_contents"
    __table_args__ = (CheckConstraint("length(content_hash) = 32", name="hash_length"),)

    id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("receipts.id"), primary_key=True, autoincrement=False
    )
    template: Mapped[str] = mapped_column(Text, comment="the file that sets its PDF")
    content_encrypted: Mapped[bytes] = mapped_column(Bytes)
    content_hash: Mapped[bytes] = mapped_column(Bytes)


class ReceiptPdf(Base):
    """The hash of a receipt's PDF when it was first made: it is the same file ever after."""

    __tablename__ = "receipt_pdfs"
    __table_args__ = (CheckConstraint("length(sha256) = 32", name="sha256_length"),)

    receipt_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("receipts.id"), primary_key=True, autoincrement=False
    )
    sha256: Mapped[bytes] = mapped_column(Bytes)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReceiptPrint(Base):
    """That the office printed a receipt; from the second time on the paper is marked as a copy."""

    __tablename__ = "receipt_prints"
    __table_args__ = (CheckConstraint("number >= 1", name="number_from_one"),)

    receipt_id: Mapped[int] = mapped_column(BigInt, ForeignKey("receipts.id"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    printed_by: Mapped[str] = mapped_column(Text, comment="public id of a user")
    printed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TaxDetails(Base):
    """The address and tax number that a donor wants on receipts that are issued from now on."""

    __tablename__ = "donor_tax_details"

    id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("donors.id"), primary_key=True, autoincrement=False
    )
    address_encrypted: Mapped[bytes] = mapped_column(Bytes)
    tax_id_encrypted: Mapped[bytes] = mapped_column(Bytes)


class EDonationEntry(Base):
    """Whether the gift of a receipt is in the e-Donation system, since it was issued with a tax
    wording that makes it deductible; without a row it need not be.
    """

    __tablename__ = "e_donation_entries"
    __table_args__ = (
        one_of("state", EDonationState),
        CheckConstraint("(state = 'entered') = (number <> '')", name="entered_with_number"),
        Index("ix_e_donation_entries_state", "state", "receipt_id"),
    )

    receipt_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("receipts.id"), primary_key=True, autoincrement=False
    )
    state: Mapped[EDonationState] = mapped_column(Choice(EDonationState))
    number: Mapped[str] = mapped_column(Text, comment="of the entry there; empty: not needed")
    marked_by: Mapped[str] = mapped_column(Text, comment="public id of a user, or a process")
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)

    receipt: Mapped[Receipt] = relationship(lazy="joined")
