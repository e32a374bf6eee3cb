"""Cash: donation boxes, and what two people counted of it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Choice, Day, UtcDateTime, one_of
from fundapp.giving.models.campaigns import CampaignEvent
from fundapp.giving.models.payments import Payment
from fundapp.identity.models import User
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.ledger.models import Fund
from fundapp.markers import N_

#: What is in use, in satang: notes of 1,000 to 20 baht, coins of 10 baht to 25 satang.
NOTES = (100_000, 50_000, 10_000, 5_000, 2_000)
COINS = (1_000, 500, 200, 100, 50, 25)
DENOMINATIONS = NOTES + COINS


class BoxStatus(LabelledEnum):
    """Whether a donation box is out."""

    OUT = "out", N_("Out"), "good"
    WITHDRAWN = "withdrawn", N_("Withdrawn")


class CountKind(LabelledEnum):
    """What was counted."""

    BOX = "box", N_("Donation box")
    EVENT = "event", N_("Cash of an event")
    OFFICE = "office", N_("Cash box of the office")


class CountStatus(LabelledEnum):
    """How far a count is."""

    COUNTED = "counted", N_("Waits for the second person"), "warn"
    CONFIRMED = "confirmed", N_("Confirmed"), "good"
    REFUSED = "refused", N_("Not confirmed: counted again"), "bad"


class CashDifference(LabelledEnum):
    """Why the cash box holds more or less than the books say."""

    NOT_RECORDED = "not_recorded", N_("Money that came or went is not recorded yet")
    WRONG_CHANGE = "wrong_change", N_("Wrong change was given")
    MISCOUNTED = "miscounted", N_("An earlier count was wrong")
    MISSING = "missing", N_("Money is missing, and nobody knows why")
    UNKNOWN = "unknown", N_("Money is there, and nobody knows from whom")


class DonationBox(Base):
    """A numbered box that stands somewhere and collects cash for a fund."""

    __tablename__ = "donation_boxes"
    __table_args__ = (
        one_of("status", BoxStatus),
        CheckConstraint("number BETWEEN 1 AND 9999", name="number_in_range"),
        CheckConstraint("place <> ''", name="has_place"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    number: Mapped[int] = mapped_column(BigInt, unique=True, comment="painted on the box; stays")
    place: Mapped[str] = mapped_column(Text)
    keeper: Mapped[str] = mapped_column(Text, comment="who answers for it there")
    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"))
    status: Mapped[BoxStatus] = mapped_column(Choice(BoxStatus), default=BoxStatus.OUT)
    version: Mapped[int] = mapped_column(BigInt, default=1, comment="raised by every change")

    fund: Mapped[Fund] = relationship(lazy="joined")


class CashCount(Base):
    """Cash that one person counted and another confirmed.

    That of a box or an event then is a payment. That of the office's box is held against the books,
    ``book_satang``; a difference is named. Facts stay (``sql/*/keep_cash_counts.sql``).
    """

    __tablename__ = "cash_counts"
    __table_args__ = (
        one_of("kind", CountKind),
        one_of("status", CountStatus),
        one_of("difference", CashDifference),
        CheckConstraint("total_satang >= 0", name="total_not_negative"),
        CheckConstraint("(kind = 'box') = (box_id IS NOT NULL)", name="box_of_kind"),
        CheckConstraint("(kind = 'event') = (event_id IS NOT NULL)", name="event_of_kind"),
        CheckConstraint("(kind = 'office') = (book_satang IS NOT NULL)", name="books_of_office"),
        CheckConstraint(
            "(kind = 'office') = (fund_code IS NULL)"
            " AND (kind = 'office') = (bag_number IS NULL)"
            " AND (kind = 'office' OR (total_satang > 0 AND bag_number <> ''))",
            name="bag_and_fund",
        ),
        CheckConstraint(
            "(difference IS NOT NULL) = (book_satang IS NOT NULL AND book_satang <> total_satang)",
            name="difference_named",
        ),
        CheckConstraint("confirmed_by_id <> counted_by_id", name="two_people"),
        CheckConstraint(
            "(status = 'counted') = (confirmed_by_id IS NULL)"
            " AND (confirmed_by_id IS NULL) = (confirmed_at IS NULL)",
            name="confirmed_by_somebody",
        ),
        CheckConstraint(
            "(payment_id IS NOT NULL) = (status = 'confirmed' AND kind <> 'office')",
            name="booked_when_confirmed",
        ),
        # A bag is used once; one that is counted again keeps its number.
        Index(
            "uq_cash_counts_bag",
            "bag_number",
            unique=True,
            sqlite_where=text("status <> 'refused'"),
            postgresql_where=text("status <> 'refused'"),
        ),
        Index("ix_cash_counts_counted_on", "counted_on", "id"),
        Index(
            "ix_cash_counts_waiting",
            "counted_at",
            sqlite_where=text("status = 'counted'"),
            postgresql_where=text("status = 'counted'"),
        ),
        Index("ix_cash_counts_event", "event_id"),
        Index("ix_cash_counts_box", "box_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    kind: Mapped[CountKind] = mapped_column(Choice(CountKind))
    box_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("donation_boxes.id"))
    event_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("campaign_events.id"))
    fund_code: Mapped[str | None] = mapped_column(Text, ForeignKey("funds.code"))
    account_code: Mapped[str] = mapped_column(
        Text, ForeignKey("accounts.code"), comment="the cash box that it is in, or goes to"
    )
    counted_on: Mapped[date] = mapped_column(Day)
    bag_number: Mapped[str | None] = mapped_column(Text, comment="printed on the closed bag")
    total_satang: Mapped[int] = mapped_column(BigInt)
    book_satang: Mapped[int | None] = mapped_column(
        BigInt, comment="what the books said when the office's box was counted"
    )
    difference: Mapped[CashDifference | None] = mapped_column(Choice(CashDifference))
    status: Mapped[CountStatus] = mapped_column(Choice(CountStatus), default=CountStatus.COUNTED)
    counted_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("users.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    payment_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("payments.id"), unique=True)
    idempotency_key: Mapped[str] = mapped_column(
        Text, unique=True, comment="the form it was sent with"
    )
    form_digest: Mapped[str] = mapped_column(Text, comment="SHA-256 of what the form said")

    box: Mapped[DonationBox | None] = relationship()
    event: Mapped[CampaignEvent | None] = relationship()
    fund: Mapped[Fund | None] = relationship()
    payment: Mapped[Payment | None] = relationship()
    counted_by: Mapped[User] = relationship(foreign_keys=[counted_by_id])
    confirmed_by: Mapped[User | None] = relationship(foreign_keys=[confirmed_by_id])
    pieces: Mapped[list["CashCountPiece"]] = relationship(
        order_by="CashCountPiece.denomination_satang.desc()"
    )

    @property
    def difference_satang(self) -> int:
        """How much more than the books say was counted; less than 0: less."""
        return 0 if self.book_satang is None else self.total_satang - self.book_satang


class CashCountPiece(Base):
    """How many notes or coins of one value were counted; append-only."""

    __tablename__ = "cash_count_pieces"
    __table_args__ = (
        CheckConstraint(
            f"denomination_satang IN ({', '.join(map(str, DENOMINATIONS))})",
            name="denomination_known",
        ),
        CheckConstraint("pieces BETWEEN 1 AND 100000", name="pieces_in_range"),
    )

    count_id: Mapped[int] = mapped_column(BigInt, ForeignKey("cash_counts.id"), primary_key=True)
    denomination_satang: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    pieces: Mapped[int] = mapped_column(BigInt)
