"""Money that arrived, and what it paid."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Choice, Day, Flag, UtcDateTime, one_of
from fundapp.giving.models.donors import Donor
from fundapp.giving.models.pledges import Method, Pledge
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.ledger.models import Fund
from fundapp.markers import N_


class PaymentStatus(LabelledEnum):
    """Whether a payment still counts."""

    RECEIVED = "received", N_("Received"), "good"
    REVERSED = "reversed", N_("Reversed"), "bad"
    RETURNED = "returned", N_("Returned by the bank"), "bad"


class ReturnReason(LabelledEnum):
    """Why a payment was taken back: by a bank, or because the gift was refunded."""

    CHEQUE = "cheque", N_("The bank returned the cheque")
    CHARGEBACK = "chargeback", N_("The payer's bank took the money back (chargeback)")
    CORRECTION = "correction", N_("The bank corrected a mistake of its own")
    REFUND = "refund", N_("The gift was refunded to the giver")


#: What an officer reads off a paper of the bank.
REASONS_OF_BANKS = (ReturnReason.CHEQUE, ReturnReason.CHARGEBACK, ReturnReason.CORRECTION)


class Payment(Base):
    """Money that arrived. Its amount and day never change: a mistake is reversed and recorded
    again.
    """

    __tablename__ = "payments"
    __table_args__ = (
        one_of("method", Method),
        one_of("status", PaymentStatus),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        one_of("return_reason", ReturnReason),
        CheckConstraint(
            "(status = 'received') = (reversal_entry_id IS NULL)", name="reversed_in_books"
        ),
        CheckConstraint(
            "(status = 'returned') = (return_reason IS NOT NULL)", name="returned_with_reason"
        ),
        CheckConstraint(
            "(status = 'returned') = (returned_on IS NOT NULL)", name="returned_on_day"
        ),
        # Only while it counts: after a reversal the same bank line may be recorded again.
        Index(
            "uq_payments_external_ref",
            "external_ref",
            unique=True,
            sqlite_where=text("status = 'received'"),
            postgresql_where=text("status = 'received'"),
        ),
        Index("ix_payments_received_on_id", "received_on", "id"),
        Index("ix_payments_method", "method", "received_on", "id"),
        # Bank lines are compared with payments of their amount.
        Index("ix_payments_amount", "amount_satang", "received_on"),
        Index(
            "ix_payments_returned_on",
            "returned_on",
            sqlite_where=text("returned_on IS NOT NULL"),
            postgresql_where=text("returned_on IS NOT NULL"),
        ),
        Index("ix_payments_donor_id", "donor_id"),
        Index("ix_payments_pledge_id", "pledge_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    donor_id: Mapped[int] = mapped_column(BigInt, ForeignKey("donors.id"))
    pledge_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("pledges.id"))
    method: Mapped[Method] = mapped_column(Choice(Method))
    amount_satang: Mapped[int] = mapped_column(BigInt)
    received_on: Mapped[date] = mapped_column(
        Day, comment="the gift date; matching never changes it"
    )
    is_anonymous: Mapped[bool] = mapped_column(Flag, default=False)
    external_ref: Mapped[str | None] = mapped_column(
        Text, comment="what makes it one: e.g. bank line, cash slip; a second use is refused"
    )
    status: Mapped[PaymentStatus] = mapped_column(
        Choice(PaymentStatus), default=PaymentStatus.RECEIVED
    )
    journal_entry_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("journal_entries.id"), unique=True
    )
    reversal_entry_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("journal_entries.id"), unique=True
    )
    return_reason: Mapped[ReturnReason | None] = mapped_column(
        Choice(ReturnReason), comment="why the bank took it back"
    )
    returned_on: Mapped[date | None] = mapped_column(
        Day, comment="the bank's day; the entry's is later if that month was closed"
    )
    recorded_by: Mapped[str] = mapped_column(Text, comment="public id of a user, or a process")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    form_digest: Mapped[str | None] = mapped_column(
        Text, comment="keyed hash of what was recorded under the external reference"
    )

    donor: Mapped[Donor] = relationship(lazy="joined")
    pledge: Mapped[Pledge | None] = relationship()
    allocations: Mapped[list["Allocation"]] = relationship(lazy="selectin")
    designations: Mapped[list["Designation"]] = relationship(lazy="selectin")

    @property
    def funds(self) -> list[Fund]:
        """The funds that it went to, in their order."""
        funds = (part.fund for part in self.designations)
        return sorted(funds, key=lambda fund: (fund.position, fund.code))


class Allocation(Base):
    """The part of a payment that pays an instalment; it counts as long as the payment does.

    ``let_go_satang`` is a shortage that was let go with it: the instalment counts as paid. It is no
    more than the fund let go at that time.
    """

    __tablename__ = "allocations"
    __table_args__ = (
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint(
            "let_go_satang BETWEEN 0 AND let_go_limit_satang", name="let_go_within_limit"
        ),
        Index("ix_allocations_instalment_id", "instalment_id"),
    )

    payment_id: Mapped[int] = mapped_column(BigInt, ForeignKey("payments.id"), primary_key=True)
    instalment_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("instalments.id"), primary_key=True
    )
    amount_satang: Mapped[int] = mapped_column(BigInt)
    let_go_satang: Mapped[int] = mapped_column(BigInt, default=0, server_default="0")
    let_go_limit_satang: Mapped[int] = mapped_column(
        BigInt, default=0, server_default="0", comment="the fund's limit then; 0: nothing let go"
    )


class Designation(Base):
    """The part of a payment that goes into a fund; the parts add up to the payment."""

    __tablename__ = "designations"
    __table_args__ = (CheckConstraint("amount_satang > 0", name="amount_positive"),)

    payment_id: Mapped[int] = mapped_column(BigInt, ForeignKey("payments.id"), primary_key=True)
    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"), primary_key=True)
    amount_satang: Mapped[int] = mapped_column(BigInt)

    fund: Mapped[Fund] = relationship(lazy="joined")
