"""Funds, the accounts that they name, and what their receipts say about tax."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Choice, Day, Flag, UtcDateTime, one_of
from fundapp.labels import LabelledEnum
from fundapp.markers import N_

#: The limit of what a new fund lets go, in satang.
USUAL_LET_GO = 100
#: The largest limit of what a fund lets go, in satang.
MOST_LET_GO = 10_000
#: The largest amount that a fund may ask for as the least of a gift, in satang.
MOST_MINIMUM = 10_000_000


class Restriction(LabelledEnum):
    """What a fund's money may be used for; zakat is kept apart from all other money."""

    UNRESTRICTED = "unrestricted", N_("Unrestricted")
    RESTRICTED = "restricted", N_("Restricted")
    ZAKAT = "zakat", N_("Zakat")


class FundStatus(LabelledEnum):
    """Whether a fund takes part. A frozen one promises and pays nothing new; what comes in for it
    is booked. A closed one takes no entry at all.
    """

    OPEN = "open", N_("Open"), "good"
    FROZEN = "frozen", N_("Frozen"), "warn"
    CLOSED = "closed", N_("Closed"), "neutral"


class AccountUse(StrEnum):
    """How a fund keeps money in an asset account."""

    CASH = "cash"
    BANK = "bank"
    #: At the card processor, on the way to the bank.
    CARD = "card"


class Fund(Base):
    """Money held for one purpose, kept apart in the books."""

    __tablename__ = "funds"
    __table_args__ = (
        one_of("restriction", Restriction),
        CheckConstraint("code <> '' AND code = upper(code)", name="code_upper_case"),
        CheckConstraint("let_go_limit_satang BETWEEN 0 AND 10000", name="let_go_limit_in_range"),
        one_of("status", FundStatus),
        CheckConstraint("minimum_satang BETWEEN 0 AND 10000000", name="minimum_in_range"),
        CheckConstraint("goal_satang IS NULL OR goal_satang > 0", name="goal_positive"),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True, comment="ASCII, never changes")
    restriction: Mapped[Restriction] = mapped_column(Choice(Restriction))
    name_th: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    name_ms: Mapped[str] = mapped_column(Text)
    purpose_th: Mapped[str] = mapped_column(Text, default="", comment="shown where one chooses")
    purpose_en: Mapped[str] = mapped_column(Text, default="")
    purpose_ms: Mapped[str] = mapped_column(Text, default="")
    accepts_gifts: Mapped[bool] = mapped_column(Flag, default=True)
    income_account_code: Mapped[str | None] = mapped_column(
        Text, ForeignKey("accounts.code"), comment="of its gifts; NULL: by what the donor is"
    )
    position: Mapped[int] = mapped_column(BigInt, default=0, comment="order in lists")
    let_go_limit_satang: Mapped[int] = mapped_column(
        BigInt,
        default=USUAL_LET_GO,
        server_default="100",
        comment="how much of a pledge an officer may let go, or leave as a surplus, at a time",
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[FundStatus] = mapped_column(
        Choice(FundStatus), default=FundStatus.OPEN, server_default="open"
    )
    minimum_satang: Mapped[int] = mapped_column(
        BigInt, default=0, server_default="0", comment="the least of a new gift; 0: any amount"
    )
    goal_satang: Mapped[int | None] = mapped_column(
        BigInt, comment="what is to be raised, shown where one chooses; NULL: no goal"
    )
    tax_wording_number: Mapped[int] = mapped_column(
        BigInt, default=1, server_default="1", comment="the wording that new receipts carry"
    )

    accounts: Mapped[list["FundAccount"]] = relationship(order_by="FundAccount.account_code")

    @property
    def is_open(self) -> bool:
        """Whether it is neither frozen nor closed."""
        return self.status is FundStatus.OPEN

    @property
    def is_closed(self) -> bool:
        """Whether it takes no entry."""
        return self.status is FundStatus.CLOSED

    def account_codes(self, use: AccountUse) -> list[str]:
        """The asset accounts that the fund may keep money in this way, by code."""
        return [account.account_code for account in self.accounts if account.use is use]

    @property
    def own_account_codes(self) -> list[str]:
        """Its cash boxes and bank accounts, by code: not the account at the card processor, whose
        money moves when the processor pays it out.
        """
        return [row.account_code for row in self.accounts if row.use is not AccountUse.CARD]

    def keeps_in(self, account_code: str) -> bool:
        """Whether the fund may keep money in this asset account."""
        return any(account.account_code == account_code for account in self.accounts)


class FundAccount(Base):
    """An asset account that a fund's money may be kept in."""

    __tablename__ = "fund_accounts"
    __table_args__ = (
        one_of("use", AccountUse),
        CheckConstraint("account_code LIKE '1%'", name="asset_account"),
    )

    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"), primary_key=True)
    account_code: Mapped[str] = mapped_column(Text, ForeignKey("accounts.code"), primary_key=True)
    use: Mapped[AccountUse] = mapped_column(Choice(AccountUse))


class TaxWording(Base):
    """What receipts of a fund say about tax, from ``since_on`` until the next number; append-only,
    so that receipts which were issued keep their sentence.
    """

    __tablename__ = "tax_wordings"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("text_th <> '' AND text_en <> '' AND text_ms <> ''", name="has_text"),
    )

    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    text_th: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    text_ms: Mapped[str] = mapped_column(Text)
    since_on: Mapped[date] = mapped_column(Day, comment="the day on which it was confirmed")
    is_deductible: Mapped[bool] = mapped_column(
        Flag,
        default=False,
        server_default=false(),
        comment="gifts with this wording are entered in e-Donation",
    )
