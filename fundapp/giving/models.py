"""Tables of money in. Their triggers are in ``fundapp/giving/sql/``."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Choice, Day, Flag, UtcDateTime, one_of
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.ledger.models import Fund
from fundapp.markers import N_


class DonorKind(LabelledEnum):
    """What a donor is; organisations have an account of their own in the chart."""

    INDIVIDUAL = "individual", N_("Person")
    HOUSEHOLD = "household", N_("Household")
    COMPANY = "company", N_("Company")
    AGENCY = "agency", N_("Public agency")
    MOSQUE = "mosque", N_("Mosque")
    SCHOOL = "school", N_("School")
    UNKNOWN = "unknown", N_("Unknown")


class Frequency(LabelledEnum):
    """How often an instalment falls due; ``term`` is the Thai school term (16 May and 1
    November).
    """

    ONCE = "once", N_("Once")
    MONTHLY = "monthly", N_("Every month")
    QUARTERLY = "quarterly", N_("Every three months")
    TERM = "term", N_("Every school term")
    YEARLY = "yearly", N_("Every year")


class PledgeStatus(LabelledEnum):
    """The state of a pledge."""

    ACTIVE = "active", N_("Active"), "info"
    COMPLETED = "completed", N_("Fully paid"), "good"
    PAUSED = "paused", N_("Paused"), "warn"
    CANCELLED = "cancelled", N_("Cancelled")


class InstalmentState(LabelledEnum):
    """How an instalment looks to people on a given day; see `policy.instalment_state`."""

    PAID = "paid", N_("Paid"), "good"
    PART_PAID = "part_paid", N_("Part paid"), "info"
    DUE = "due", N_("Due today"), "warn"
    OVERDUE = "overdue", N_("Overdue"), "bad"
    UPCOMING = "upcoming", N_("To come")
    STOPPED = "stopped", N_("No longer due")


class Method(LabelledEnum):
    """How money comes in."""

    PROMPTPAY = "promptpay", N_("PromptPay")
    TRANSFER = "transfer", N_("Bank transfer")
    CARD = "card", N_("Card")
    CASH = "cash", N_("Cash")
    CHEQUE = "cheque", N_("Cheque")


class PaymentStatus(LabelledEnum):
    """Whether a payment still counts."""

    RECEIVED = "received", N_("Received"), "good"
    REVERSED = "reversed", N_("Reversed"), "bad"
    RETURNED = "returned", N_("Returned by the bank"), "bad"


class ReturnReason(LabelledEnum):
    """Why a bank took a payment back."""

    CHEQUE = "cheque", N_("The bank returned the cheque")
    CHARGEBACK = "chargeback", N_("The payer's bank took the money back (chargeback)")
    CORRECTION = "correction", N_("The bank corrected a mistake of its own")


class Donor(Base):
    """A person or a body that gives. E-mail address, name and kind find a donor again: several may
    share a mailbox. One row without name and address stands for every unknown giver.
    """

    __tablename__ = "donors"
    __table_args__ = (
        one_of("kind", DonorKind),
        CheckConstraint("email IS NULL OR email = lower(email)", name="email_lower_case"),
        CheckConstraint("(name = '') = (name_key = '')", name="key_with_name"),
        UniqueConstraint("email", "name_key", "kind", name="uq_donors_name_key_kind_email"),
        Index(
            "uq_donors_nameless_email",
            "name_key",
            unique=True,
            sqlite_where=text("name_key = '' AND email IS NULL"),
            postgresql_where=text("name_key = '' AND email IS NULL"),
        ),
        Index("ix_donors_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    kind: Mapped[DonorKind] = mapped_column(Choice(DonorKind), default=DonorKind.INDIVIDUAL)
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(Text, comment="the name as names are compared")
    email: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    user_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("users.id"), comment="the account that sees what it has confirmed"
    )
    locale: Mapped[str] = mapped_column(Text, default="th")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def is_unknown(self) -> bool:
        """Whether this is the row of everybody who gave without name and address."""
        return not self.name and self.email is None


class Pledge(Base):
    """A promise to give to one fund, once or in instalments."""

    __tablename__ = "pledges"
    __table_args__ = (
        one_of("frequency", Frequency),
        one_of("method", Method),
        one_of("status", PledgeStatus),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint(
            "instalment_count IS NULL OR instalment_count BETWEEN 1 AND 600", name="count_in_range"
        ),
        CheckConstraint("frequency <> 'once' OR instalment_count = 1", name="once_is_one"),
        CheckConstraint(
            "each_satang IS NULL OR (each_satang > 0 AND instalment_count IS NOT NULL)",
            name="each_of_counted",
        ),
        UniqueConstraint("idempotency_key", name="uq_pledges_idempotency_key"),
        Index("uq_pledges_confirmation_code", "confirmation_code", unique=True),
        Index("ix_pledges_donor_id", "donor_id"),
        Index("ix_pledges_created_at_id", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    token: Mapped[str] = mapped_column(
        Text, unique=True, default=new_public_id, comment="opens the pledge's page; never guessable"
    )
    donor_id: Mapped[int] = mapped_column(BigInt, ForeignKey("donors.id"))
    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"))
    amount_satang: Mapped[int] = mapped_column(
        BigInt, comment="the total of a counted pledge; of an open-ended one the amount each time"
    )
    frequency: Mapped[Frequency] = mapped_column(Choice(Frequency))
    instalment_count: Mapped[int | None] = mapped_column(BigInt, comment="NULL: open-ended")
    starts_on: Mapped[date] = mapped_column(Day)
    method: Mapped[Method] = mapped_column(Choice(Method))
    donor_name: Mapped[str] = mapped_column(Text, comment="as the donor wrote it for this pledge")
    is_anonymous: Mapped[bool] = mapped_column(Flag, default=False)
    locale: Mapped[str] = mapped_column(Text, default="th")
    status: Mapped[PledgeStatus] = mapped_column(Choice(PledgeStatus), default=PledgeStatus.ACTIVE)
    idempotency_key: Mapped[str | None] = mapped_column(
        Text, comment="the form it was sent with; the same form sent again makes no second pledge"
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    each_satang: Mapped[int | None] = mapped_column(
        BigInt, comment="of a counted pledge: what is given each time, if the donor said so"
    )
    form_digest: Mapped[str | None] = mapped_column(
        Text, comment="SHA-256 of what the form said: other content is another pledge"
    )
    confirmed_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="since then the donor's account shows it"
    )
    confirmation_code: Mapped[str | None] = mapped_column(
        Text, comment="sent to the donor's mailbox; whoever has it may confirm the pledge"
    )

    donor: Mapped[Donor] = relationship(lazy="joined")
    fund: Mapped[Fund] = relationship(lazy="joined")
    instalments: Mapped[list["Instalment"]] = relationship(
        order_by="Instalment.number", lazy="selectin", back_populates="pledge"
    )


class Instalment(Base):
    """One dated part of a pledge, with a reference of its own for the bank."""

    __tablename__ = "instalments"
    __table_args__ = (
        UniqueConstraint("pledge_id", "number", name="uq_instalments_pledge_number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("paid_satang BETWEEN 0 AND amount_satang", name="paid_within_amount"),
        CheckConstraint(
            "let_go_satang = 0 OR let_go_satang BETWEEN 0 AND paid_satang",
            name="let_go_within_paid",
        ),
        Index("ix_instalments_due_on", "due_on"),
        # For matching by amount: instalments without a payment, and the few that are part paid.
        Index(
            "ix_instalments_unpaid",
            "amount_satang",
            "due_on",
            sqlite_where=text("paid_satang = 0"),
            postgresql_where=text("paid_satang = 0"),
        ),
        Index(
            "ix_instalments_part_paid",
            "due_on",
            sqlite_where=text("paid_satang > 0 AND paid_satang < amount_satang"),
            postgresql_where=text("paid_satang > 0 AND paid_satang < amount_satang"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    pledge_id: Mapped[int] = mapped_column(BigInt, ForeignKey("pledges.id"))
    number: Mapped[int] = mapped_column(BigInt)
    reference: Mapped[str] = mapped_column(Text, unique=True, comment="ref1 of the PromptPay QR")
    due_on: Mapped[date] = mapped_column(Day)
    amount_satang: Mapped[int] = mapped_column(BigInt)
    paid_satang: Mapped[int] = mapped_column(
        BigInt,
        default=0,
        comment="what counts as paid: the allocations of payments that count, and what was let go",
    )
    let_go_satang: Mapped[int] = mapped_column(
        BigInt, default=0, server_default="0", comment="the part of it that never came"
    )

    pledge: Mapped[Pledge] = relationship(back_populates="instalments")

    @property
    def open_satang(self) -> int:
        """The amount that is not paid yet."""
        return self.amount_satang - self.paid_satang

    @property
    def received_satang(self) -> int:
        """The money that came for it."""
        return self.paid_satang - self.let_go_satang


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
    note: Mapped[str] = mapped_column(Text, default="")
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
        Text, comment="SHA-256 of what was recorded under the external reference"
    )

    donor: Mapped[Donor] = relationship(lazy="joined")
    pledge: Mapped[Pledge | None] = relationship()
    allocations: Mapped[list["Allocation"]] = relationship(lazy="selectin")
    designations: Mapped[list["Designation"]] = relationship(lazy="selectin")


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
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    code: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    fiscal_year: Mapped[int] = mapped_column(BigInt, comment="B.E.")
    number: Mapped[int] = mapped_column(BigInt)
    payment_id: Mapped[int] = mapped_column(BigInt, ForeignKey("payments.id"), unique=True)
    issued_on: Mapped[date] = mapped_column(Day)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    donor_name: Mapped[str] = mapped_column(Text, comment="empty when the gift is anonymous")
    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"))
    method: Mapped[Method] = mapped_column(Choice(Method))
    amount_satang: Mapped[int] = mapped_column(BigInt)
    received_on: Mapped[date] = mapped_column(Day)
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    void_reason: Mapped[str] = mapped_column(Text, default="")

    payment: Mapped[Payment] = relationship(lazy="joined")
    fund: Mapped[Fund] = relationship(lazy="joined")

    @property
    def label(self) -> str:
        """The number as printed: B.E. fiscal year and six digits."""
        return f"{self.fiscal_year}-{self.number:06d}"
