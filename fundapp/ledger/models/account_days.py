"""Tables of what each day moved. A cache: the worker fills it from sealed entries
(`fundapp.ledger.folding`), and the check ``ledger.day-sums`` adds the days up anew and compares.
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Day


class DaySum(Base):
    """Debits and credits of the folded postings of an account in a fund and day."""

    __tablename__ = "account_days"
    __table_args__ = (
        CheckConstraint("debit_satang >= 0 AND credit_satang >= 0", name="not_negative"),
        {"sqlite_with_rowid": False},
    )

    day_on: Mapped[date] = mapped_column(Day, primary_key=True)
    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"), primary_key=True)
    account_code: Mapped[str] = mapped_column(Text, ForeignKey("accounts.code"), primary_key=True)
    debit_satang: Mapped[int] = mapped_column(BigInt)
    credit_satang: Mapped[int] = mapped_column(BigInt)


class DayFolding(Base):
    """How far entries are folded: the first ``leaf_count`` places of the log. Every entry up to
    ``settled_entry_id`` has one of them, so that nobody looks there for one without a place.
    One row.
    """

    __tablename__ = "day_folding"
    __table_args__ = (
        CheckConstraint("number = 1", name="one_row"),
        CheckConstraint("leaf_count >= 0", name="count_not_negative"),
    )

    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    leaf_count: Mapped[int] = mapped_column(BigInt)
    settled_entry_id: Mapped[int] = mapped_column(BigInt)
