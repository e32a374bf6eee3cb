"""Tables of the books. Their triggers are in ``fundapp/ledger/sql``, for both databases.

How an entry is sealed: postings are written first and carry the entry's id, day and posting count;
the entry comes after them, and a trigger (``seal_journal_entry.sql``) refuses it unless it finds
exactly the postings it states. The composite foreign key and the primary key ``(entry_id,
position)`` with ``position <= posting_count`` then leave no room for a posting to join later.
UPDATE and DELETE are refused (``append_only.sql``).
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
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Bytes, Choice, Day, UtcDateTime, kept_by_trigger, one_of
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class AccountType(LabelledEnum):
    """The five roots of a chart of accounts."""

    ASSET = "asset", N_("Assets")
    LIABILITY = "liability", N_("Liabilities")
    NET_ASSETS = "net_assets", N_("Net assets")
    INCOME = "income", N_("Income")
    EXPENSE = "expense", N_("Expenses")


#: Accounts whose credit raises, and whose debit lowers, what a fund has available: codes from "3".
NOMINAL_TYPES = (AccountType.NET_ASSETS, AccountType.INCOME, AccountType.EXPENSE)


class EntryKind(LabelledEnum):
    """Why an entry was made."""

    OPENING = "opening", N_("Opening balance")
    DONATION = "donation", N_("Donation")
    ASSISTANCE_APPROVED = "assistance_approved", N_("Help approved")
    ASSISTANCE_PAID = "assistance_paid", N_("Help paid")
    ASSISTANCE_RETURNED = "assistance_returned", N_("Part of help that came back")
    BANK_FEE = "bank_fee", N_("Bank fee")
    BANK_INTEREST = "bank_interest", N_("Bank interest")
    TRANSFER = "transfer", N_("Transfer")
    SUSPENSE = "suspense", N_("Money that waits")
    REVERSAL = "reversal", N_("Reversal")
    GIFT_RETURNED = "gift_returned", N_("Gift returned by the bank")
    GIFT_REFUNDED = "gift_refunded", N_("Refund of a gift confirmed")
    REFUND_PAID = "refund_paid", N_("Refund paid")
    GIFT_TAKEN = "gift_taken", N_("Refunded gift taken back by the bank")
    CARD_PAYOUT = "card_payout", N_("Paid out by the card processor")
    ADVANCE = "advance", N_("Petty cash and advances")
    YEAR_END = "year_end", N_("Closing of a fiscal year")


#: What the bank did, which nobody decides: such an entry may take more than there is, of a fund
#: and of an asset account. The triggers name these kinds too (``sql/*/seal_journal_entry.sql``).
BANK_FACTS = (
    EntryKind.BANK_FEE,
    EntryKind.GIFT_RETURNED,
    EntryKind.GIFT_TAKEN,
    EntryKind.CARD_PAYOUT,
)


#: What undoes an entry, and names it.
REVERSING = (EntryKind.REVERSAL, EntryKind.GIFT_RETURNED, EntryKind.GIFT_REFUNDED)
#: The condition of the index of entries by kind, as `is_of_kinds` asks it.
NO_GIFT = "kind <> 'donation'"


class Account(Base):
    """A line of the chart of accounts.

    Its type is the first digit of its code, 1 to 5 in the order of `AccountType`; a trigger
    (``require_type_of_code.sql``) requires it, because balances are kept by code alone.
    """

    __tablename__ = "accounts"
    __table_args__ = (one_of("type", AccountType),)

    code: Mapped[str] = mapped_column(Text, primary_key=True, comment="four digits, never changes")
    type: Mapped[AccountType] = mapped_column(Choice(AccountType))
    name_th: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    name_ms: Mapped[str] = mapped_column(Text)


class JournalEntry(Base):
    """One event in the books; never changed, never deleted."""

    __tablename__ = "journal_entries"
    __table_args__ = (
        UniqueConstraint("idempotency_key", name="uq_journal_entries_idempotency_key"),
        UniqueConstraint("reverses_entry_id", name="uq_journal_entries_reverses_entry_id"),
        UniqueConstraint("entry_on", "id", "posting_count", name="uq_journal_entries_seal"),
        *map(
            kept_by_trigger,
            (
                one_of("kind", EntryKind),
                CheckConstraint("posting_count BETWEEN 1 AND 1000", name="posting_count_in_range"),
                CheckConstraint("total_satang > 0", name="total_positive"),
                CheckConstraint("maker <> ''", name="maker_named"),
                CheckConstraint("length(leaf_hash) = 32", name="leaf_hash_sha256"),
                CheckConstraint(
                    "kind NOT IN ('assistance_approved', 'assistance_paid', 'gift_refunded',"
                    " 'refund_paid', 'advance') OR (checker <> '' AND maker <> checker)",
                    name="two_people",
                ),
                CheckConstraint(
                    "(kind IN ('reversal', 'gift_returned', 'gift_refunded'))"
                    " = (reverses_entry_id IS NOT NULL)",
                    name="reversal_names_entry",
                ),
                CheckConstraint(
                    "kind NOT IN ('reversal', 'gift_returned', 'gift_refunded') OR memo <> ''",
                    name="reversal_has_reason",
                ),
                CheckConstraint(
                    "reverses_entry_id IS NULL OR reverses_entry_id < id", name="reverses_earlier"
                ),
            ),
        ),
        Index("ix_journal_entries_source", "source_type", "source_ref"),
        # Gifts are found by day alone: nearly all entries are gifts, which so need not be here.
        Index(
            "ix_journal_entries_kind",
            "kind",
            "entry_on",
            "id",
            sqlite_where=text(NO_GIFT),
            postgresql_where=text(NO_GIFT),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    kind: Mapped[EntryKind] = mapped_column(Choice(EntryKind))
    entry_on: Mapped[date] = mapped_column(Day, comment="the day in the books")
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    memo: Mapped[str] = mapped_column(Text, comment="public, no personal data; a reversal's reason")
    source_type: Mapped[str] = mapped_column(
        Text, comment="the kind of thing behind it, e.g. payment"
    )
    source_ref: Mapped[str] = mapped_column(Text, comment="its public id")
    maker: Mapped[str] = mapped_column(
        Text, comment="public id of the user, or the name of a process"
    )
    checker: Mapped[str] = mapped_column(Text, default="")
    receipt: Mapped[str] = mapped_column(Text, default="")
    private: Mapped[str] = mapped_column(
        Text, default="", comment="commitment to facts kept elsewhere"
    )
    reverses_entry_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("journal_entries.id"))
    idempotency_key: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[bytes] = mapped_column(
        Bytes, comment="SHA-256 of the content that the key was used for"
    )
    posting_count: Mapped[int] = mapped_column(BigInt)
    total_satang: Mapped[int] = mapped_column(BigInt)
    canonical: Mapped[bytes] = mapped_column(Bytes, comment="the bytes that the leaf hash covers")
    leaf_hash: Mapped[bytes] = mapped_column(Bytes, comment="SHA-256(0x00 || canonical), RFC 9162")


class Posting(Base):
    """An amount of one fund moved from the credited to the debited account."""

    __tablename__ = "postings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["entry_id", "entry_on", "posting_count"],
            ["journal_entries.id", "journal_entries.entry_on", "journal_entries.posting_count"],
            name="fk_postings_entry",
            deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint("position BETWEEN 1 AND posting_count", name="position_in_entry"),
        *map(
            kept_by_trigger,
            (
                CheckConstraint("amount_satang > 0", name="amount_positive"),
                CheckConstraint("debit_account_code <> credit_account_code", name="two_accounts"),
                ForeignKeyConstraint(["fund_code"], ["funds.code"]),
                ForeignKeyConstraint(["debit_account_code"], ["accounts.code"]),
                ForeignKeyConstraint(["credit_account_code"], ["accounts.code"]),
            ),
        ),
        # All that a balance or a page of an account asks for: no posting is looked up for it.
        Index(
            "ix_postings_debit",
            "debit_account_code",
            "fund_code",
            "entry_on",
            "entry_id",
            "position",
            "amount_satang",
        ),
        Index(
            "ix_postings_credit",
            "credit_account_code",
            "fund_code",
            "entry_on",
            "entry_id",
            "position",
            "amount_satang",
        ),
        {"sqlite_with_rowid": False},
    )

    entry_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    posting_count: Mapped[int] = mapped_column(BigInt)
    entry_on: Mapped[date] = mapped_column(Day)
    fund_code: Mapped[str] = mapped_column(Text)
    debit_account_code: Mapped[str] = mapped_column(Text)
    credit_account_code: Mapped[str] = mapped_column(Text)
    amount_satang: Mapped[int] = mapped_column(BigInt)


class FundBalance(Base):
    """What a fund has available, or what it lacks. The CHECK ``not_overspent`` is why a fund cannot
    be overspent; the trigger that seals an entry keeps the amounts
    (``sql/*/seal_journal_entry.sql``; on PostgreSQL through ``fold_fund_balance.sql``).

    A fund lacks money when the bank took back a gift that was spent: only an entry of `BANK_FACTS`
    makes or raises a shortage, and what comes in covers it first.

    On PostgreSQL income waits in `BalanceDelta` and is folded in before anything is taken out, so
    gifts never wait for this row. Until then the row says too little, never too much.
    """

    __tablename__ = "fund_balances"
    __table_args__ = (
        CheckConstraint("available_satang >= 0", name="not_overspent"),
        CheckConstraint("shortage_satang >= 0", name="shortage_not_negative"),
        CheckConstraint("available_satang = 0 OR shortage_satang = 0", name="available_or_short"),
        {"sqlite_with_rowid": False},
    )

    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"), primary_key=True)
    available_satang: Mapped[int] = mapped_column(BigInt)
    shortage_satang: Mapped[int] = mapped_column(
        BigInt, comment="spent, and then taken back by the bank; not covered yet"
    )


class ShortageChange(Base):
    """What an entry added to a fund's shortage, or covered of it; kept by the triggers that keep
    `FundBalance`. The numbers of a fund count its changes in the order in which they were made.
    """

    __tablename__ = "shortage_changes"
    __table_args__ = (
        UniqueConstraint("entry_id", "fund_code", name="uq_shortage_changes_entry"),
        CheckConstraint("change_satang <> 0", name="changes_something"),
        CheckConstraint("shortage_satang >= 0", name="shortage_not_negative"),
        CheckConstraint("shortage_satang >= change_satang", name="began_at_zero_or_more"),
    )

    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(BigInt)
    change_satang: Mapped[int] = mapped_column(BigInt, comment="below zero: covered by the entry")
    shortage_satang: Mapped[int] = mapped_column(BigInt, comment="the fund's shortage after it")


class MonthlyBalance(Base):
    """Debits and credits of an account in a fund and month; kept by triggers
    (``sql/sqlite/keep_monthly_balances.sql``, ``sql/postgresql/fold_fund_balance.sql``).
    """

    __tablename__ = "monthly_balances"
    __table_args__ = (
        CheckConstraint("debit_satang >= 0 AND credit_satang >= 0", name="not_negative"),
        {"sqlite_with_rowid": False},
    )

    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"), primary_key=True)
    account_code: Mapped[str] = mapped_column(Text, ForeignKey("accounts.code"), primary_key=True)
    month_on: Mapped[date] = mapped_column(Day, primary_key=True, comment="first day of the month")
    debit_satang: Mapped[int] = mapped_column(BigInt)
    credit_satang: Mapped[int] = mapped_column(BigInt)


class BalanceDelta(Base):
    """What an entry did to a fund, not yet folded into its balance rows (PostgreSQL only).

    What it did to the accounts is read from its postings. Read balances through the view
    ``account_months``, which adds both. Always empty on SQLite.
    """

    __tablename__ = "balance_deltas"

    fund_code: Mapped[str] = mapped_column(Text, primary_key=True)
    entry_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    month_on: Mapped[date] = mapped_column(Day, comment="first day of the entry's month")
    available_satang: Mapped[int] = mapped_column(
        BigInt, comment="effect on the fund's available money"
    )
