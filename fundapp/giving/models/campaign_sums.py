"""Tables of what the books say of campaigns: which postings are of which campaign, and their sums
by month. A cache: the worker fills it from sealed entries (`fundapp.giving.campaigns.sums`), and
the check ``giving.campaign-sums`` makes it anew and compares.
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Day


class CampaignPosting(Base):
    """That a posting of a folded entry is of a campaign, in the order in which pages list them."""

    __tablename__ = "campaign_postings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["entry_id", "position"],
            ["postings.entry_id", "postings.position"],
            name="fk_campaign_postings_posting",
        ),
        {"sqlite_with_rowid": False},
    )

    campaign_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("campaigns.id"), primary_key=True, autoincrement=False
    )
    entry_on: Mapped[date] = mapped_column(Day, primary_key=True)
    entry_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)


class CampaignMonth(Base):
    """What the folded postings of a campaign moved in an account and month; all are of its fund."""

    __tablename__ = "campaign_months"
    __table_args__ = (
        CheckConstraint("debit_satang >= 0 AND credit_satang >= 0", name="not_negative"),
        {"sqlite_with_rowid": False},
    )

    month_on: Mapped[date] = mapped_column(Day, primary_key=True, comment="first day of the month")
    campaign_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("campaigns.id"), primary_key=True, autoincrement=False
    )
    account_code: Mapped[str] = mapped_column(Text, ForeignKey("accounts.code"), primary_key=True)
    debit_satang: Mapped[int] = mapped_column(BigInt)
    credit_satang: Mapped[int] = mapped_column(BigInt)


class CampaignFolding(Base):
    """How far entries are folded: the first ``leaf_count`` places of the log. Every entry up to
    ``settled_entry_id`` has one of them, so that nobody looks there for one without a place.
    One row.
    """

    __tablename__ = "campaign_folding"
    __table_args__ = (
        CheckConstraint("number = 1", name="one_row"),
        CheckConstraint("leaf_count >= 0", name="count_not_negative"),
    )

    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    leaf_count: Mapped[int] = mapped_column(BigInt)
    settled_entry_id: Mapped[int] = mapped_column(BigInt)
