"""What was promised, with its dated parts."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Choice, Day, Flag, UtcDateTime, one_of
from fundapp.giving.models.donors import Donor
from fundapp.giving.models.pledge_details import PledgeDetails
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.ledger.models import Fund
from fundapp.markers import N_
from fundapp.money import split_by_weights

#: The condition of the index of open instalments.
IS_OPEN = "paid_satang < amount_satang"
#: Into how many funds one pledge may be split.
MOST_SHARES = 10
#: A whole in hundredths of a percent.
ALL_PARTS = 10_000


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
    WRITTEN_OFF = "written_off", N_("Written off")
    ON_HOLD = "on_hold", N_("On hold, not due yet")
    STOPPED = "stopped", N_("No longer due")


class Method(LabelledEnum):
    """How money comes in."""

    PROMPTPAY = "promptpay", N_("PromptPay")
    TRANSFER = "transfer", N_("Bank transfer")
    CARD = "card", N_("Card")
    CASH = "cash", N_("Cash")
    CHEQUE = "cheque", N_("Cheque")


class ShareUnit(LabelledEnum):
    """How a donor said what each of several funds gets."""

    AMOUNT = "amount", N_("Amounts in baht")
    PERCENT = "percent", N_("Percent")


class Pledge(Base):
    """A promise to give to one fund, or to several by their shares, once or in instalments."""

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
        # Each for its list alone, which writes the state into the statement: an index by the state
        # would be taken by SQLite for other questions, where it is slower.
        *(
            Index(
                f"ix_pledges_{state}",
                "id",
                sqlite_where=text(f"status = '{state}'"),
                postgresql_where=text(f"status = '{state}'"),
            )
            for state in PledgeStatus
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    token: Mapped[str] = mapped_column(
        Text, unique=True, default=new_public_id, comment="opens the pledge's page; never guessable"
    )
    donor_id: Mapped[int] = mapped_column(BigInt, ForeignKey("donors.id"))
    #: Of a pledge to several funds, that of its first share.
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
    is_split: Mapped[bool] = mapped_column(
        Flag, default=False, server_default=false(), comment="given to several funds by its shares"
    )

    donor: Mapped[Donor] = relationship(lazy="joined")
    fund: Mapped[Fund] = relationship(lazy="joined")
    instalments: Mapped[list["Instalment"]] = relationship(
        order_by="Instalment.number", lazy="selectin", back_populates="pledge"
    )
    shares: Mapped[list["PledgeShare"]] = relationship(order_by="PledgeShare.number")
    details: Mapped[PledgeDetails | None] = relationship(viewonly=True)

    @property
    def funds(self) -> list[Fund]:
        """The funds it is given to, as the donor named them."""
        return [share.fund for share in self.shares] if self.is_split else [self.fund]

    @property
    def fund_satang(self) -> list[int]:
        """What each of the funds gets of its amount (`amount_satang`), in satang: exactly all."""
        if not self.is_split:
            return [self.amount_satang]
        return split_by_weights(self.amount_satang, [share.share for share in self.shares])

    @property
    def takes_gifts(self) -> bool:
        """Whether none of its funds is frozen or closed."""
        return all(fund.is_open for fund in self.funds)

    @property
    def let_go_limit_satang(self) -> int:
        """How much of it may be let go at a time: the least that one of its funds allows."""
        return min(fund.let_go_limit_satang for fund in self.funds)

    def keeps_in(self, account_code: str) -> bool:
        """Whether each of its funds may keep money in this asset account."""
        return all(fund.keeps_in(account_code) for fund in self.funds)


class PledgeShare(Base):
    """What one of several funds gets of a pledge: ``share`` of ``whole``, in satang of the amount
    it was made with, or in hundredths of a percent.

    The shares of a pledge add up to ``whole``, are written before its first instalment and never
    change: when the amount changes, each fund keeps its proportion (`Pledge.fund_satang`).
    """

    __tablename__ = "pledge_shares"
    __table_args__ = (
        one_of("unit", ShareUnit),
        UniqueConstraint("pledge_id", "fund_code", name="uq_pledge_shares_fund"),
        CheckConstraint(f"number BETWEEN 1 AND {MOST_SHARES}", name="number_in_range"),
        CheckConstraint("share > 0 AND share < whole", name="share_of_whole"),
        CheckConstraint(f"unit <> 'percent' OR whole = {ALL_PARTS}", name="percent_of_hundred"),
        Index("ix_pledge_shares_fund_code", "fund_code"),
    )

    pledge_id: Mapped[int] = mapped_column(BigInt, ForeignKey("pledges.id"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"))
    share: Mapped[int] = mapped_column(BigInt, comment="satang, or hundredths of a percent")
    whole: Mapped[int] = mapped_column(BigInt, comment="what the shares add up to")
    unit: Mapped[ShareUnit] = mapped_column(Choice(ShareUnit))

    fund: Mapped[Fund] = relationship(lazy="joined")


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
        # For lists and counts of what is overdue; the condition must stand so in the question.
        Index(
            "ix_instalments_open",
            "due_on",
            "id",
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
        # For the sums of what falls due in some days, which are read from it alone.
        Index(
            "ix_instalments_due_on",
            "due_on",
            "pledge_id",
            "amount_satang",
            "paid_satang",
            "let_go_satang",
        ),
        # For matching by amount: instalments without a payment, and the few that are part paid.
        Index(
            "ix_instalments_unpaid",
            "amount_satang",
            "due_on",
            "id",
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


class WriteOff(Base):
    """What an officer wrote off of an instalment, for a donor who will not pay it; below zero it
    takes that back. It counts as let go (`Instalment.let_go_satang`): no money came.
    """

    __tablename__ = "write_offs"
    __table_args__ = (
        CheckConstraint("amount_satang <> 0", name="amount_not_zero"),
        Index("ix_write_offs_instalment_id", "instalment_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    instalment_id: Mapped[int] = mapped_column(BigInt, ForeignKey("instalments.id"))
    amount_satang: Mapped[int] = mapped_column(BigInt)
    written_by: Mapped[str] = mapped_column(Text, comment="public id of a user")
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
