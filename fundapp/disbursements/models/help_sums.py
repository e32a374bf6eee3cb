"""Tables of what the books say of the help of each district, by day and by month. A cache: the
worker fills it from sealed entries (`fundapp.disbursements.help_sums`), and the check
``disbursements.help-sums`` adds the entries up anew and compares.
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Day


class HelpDay(Base):
    """What the folded entries of a district's requests moved in a fund, an account and a day."""

    __tablename__ = "help_days"
    __table_args__ = (
        CheckConstraint("debit_satang >= 0 AND credit_satang >= 0", name="not_negative"),
        {"sqlite_with_rowid": False},
    )

    day_on: Mapped[date] = mapped_column(Day, primary_key=True)
    district_code: Mapped[str] = mapped_column(Text, ForeignKey("districts.code"), primary_key=True)
    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"), primary_key=True)
    account_code: Mapped[str] = mapped_column(Text, ForeignKey("accounts.code"), primary_key=True)
    debit_satang: Mapped[int] = mapped_column(BigInt)
    credit_satang: Mapped[int] = mapped_column(BigInt)


class HelpMonth(Base):
    """The same of a month."""

    __tablename__ = "help_months"
    __table_args__ = (
        CheckConstraint("debit_satang >= 0 AND credit_satang >= 0", name="not_negative"),
        {"sqlite_with_rowid": False},
    )

    month_on: Mapped[date] = mapped_column(Day, primary_key=True, comment="first day of the month")
    district_code: Mapped[str] = mapped_column(Text, ForeignKey("districts.code"), primary_key=True)
    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"), primary_key=True)
    account_code: Mapped[str] = mapped_column(Text, ForeignKey("accounts.code"), primary_key=True)
    debit_satang: Mapped[int] = mapped_column(BigInt)
    credit_satang: Mapped[int] = mapped_column(BigInt)


class HelpFolding(Base):
    """How far entries are folded: the first ``leaf_count`` places of the log. Every entry up to
    ``settled_entry_id`` has one of them. A request that moves to another district after something
    was booked for it lets the folding begin anew (``keep_help_sums.sql``). One row.
    """

    __tablename__ = "help_folding"
    __table_args__ = (
        CheckConstraint("number = 1", name="one_row"),
        CheckConstraint("leaf_count >= 0", name="count_not_negative"),
    )

    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    leaf_count: Mapped[int] = mapped_column(BigInt)
    settled_entry_id: Mapped[int] = mapped_column(BigInt)
