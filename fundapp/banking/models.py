"""Tables of bank accounts, statements, their lines and matches.

Their triggers are in ``fundapp/banking/sql``. What a bank wrote on a line is read with
`fundapp.banking.reader`.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Bytes, Choice, Day, Flag, UtcDateTime, one_of
from fundapp.ids import new_id, new_public_id, readable
from fundapp.labels import LabelledEnum
from fundapp.markers import N_
from fundapp.remarks.models import ErasureReason
from fundapp.thai.folding import bare_number


def _one_active(name: str, *columns: str) -> Index:
    """A partial unique index: at most one of these that has not been undone."""
    active = text("undone_at IS NULL")
    return Index(name, *columns, unique=True, sqlite_where=active, postgresql_where=active)


#: With this the numbers of lines begin, by which their words are erased.
LINE_PREFIX = "BL"
_DIGESTS = (
    "length(description_digest) = 32 AND length(detail_digest) = 32 AND length(channel_digest) = 32"
)


#: The condition of the index of open lines.
IS_OPEN = "status IN ('unmatched', 'held')"


class LineStatus(LabelledEnum):
    """Whether a line of a statement is dealt with, and how."""

    UNMATCHED = "unmatched", N_("To match"), "warn"
    MATCHED = "matched", N_("Matched"), "good"
    HELD = "held", N_("On hold"), "info"
    IGNORED = "ignored", N_("Ignored"), "neutral"
    WITHDRAWN = "withdrawn", N_("Not counted"), "neutral"


class Era(LabelledEnum):
    """The era of the years in a style of statement."""

    BUDDHIST = "be", N_("Buddhist Era (2568, 68)")
    COMMON = "ce", N_("Common Era (2025, 25)")


class DayForm(LabelledEnum):
    """How a style of statement writes days; the order of day, month and year is never guessed."""

    DAY_FIRST = "DD/MM/YYYY", N_("DD/MM/YYYY (day first)")
    DAY_FIRST_SHORT = "DD/MM/YY", N_("DD/MM/YY (day first, two-digit year)")
    DASHES = "DD-MM-YYYY", N_("DD-MM-YYYY (day first)")
    DASHES_SHORT = "DD-MM-YY", N_("DD-MM-YY (day first, two-digit year)")
    DOTS = "DD.MM.YYYY", N_("DD.MM.YYYY (day first)")
    YEAR_FIRST = "YYYY-MM-DD", N_("YYYY-MM-DD (year first)")
    YEAR_FIRST_SLASHES = "YYYY/MM/DD", N_("YYYY/MM/DD (year first)")
    MONTH_FIRST = "MM/DD/YYYY", N_("MM/DD/YYYY (month first)")
    NAMED = "DD MMM YYYY", N_("DD MMM YYYY (with the month's name)")
    NAMED_SHORT = "DD MMM YY", N_("DD MMM YY (with the month's name, two-digit year)")


class BankAccount(Base):
    """An account of the fund at a bank, and the account in the books that mirrors it.

    The PromptPay ids are those that pay into this account, empty when it has none.
    """

    __tablename__ = "bank_accounts"
    __table_args__ = (
        CheckConstraint(
            "promptpay_biller_id = '' OR (length(promptpay_biller_id) = 15"
            " AND trim(promptpay_biller_id, '0123456789') = '')",
            name="biller_id_digits",
        ),
        CheckConstraint(
            "promptpay_id = '' OR (length(promptpay_id) IN (10, 13, 15)"
            " AND trim(promptpay_id, '0123456789') = '')",
            name="promptpay_id_digits",
        ),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True, comment="short name, e.g. KTB-MAIN")
    name: Mapped[str] = mapped_column(Text)
    bank_code: Mapped[str] = mapped_column(Text, comment="three digits, Bank of Thailand")
    account_number: Mapped[str] = mapped_column(
        Text, comment="the fund's own, printed on pay pages"
    )
    account_code: Mapped[str] = mapped_column(Text, ForeignKey("accounts.code"), unique=True)
    promptpay_biller_id: Mapped[str] = mapped_column(
        Text, default="", comment="15 digits: bills are paid into this account"
    )
    promptpay_id: Mapped[str] = mapped_column(
        Text, default="", comment="digits: transfers come into this account"
    )
    version: Mapped[int] = mapped_column(BigInt, default=1, comment="raised by every change")
    is_frozen: Mapped[bool] = mapped_column(
        Flag,
        default=False,
        server_default=false(),
        comment="donors are not shown it, and nothing is paid or moved out of it",
    )

    @property
    def account_digits(self) -> str:
        """The account number without its dashes and spaces."""
        return bare_number(self.account_number)


class StatementProfile(Base):
    """A style in which a bank writes statement files. Headings and words: several between "|"."""

    __tablename__ = "statement_profiles"
    __table_args__ = (
        one_of("day_form", DayForm),
        one_of("era", Era),
        CheckConstraint("code <> '' AND title <> ''", name="has_name"),
        CheckConstraint(
            "day_headings <> '' AND balance_headings <> ''", name="has_day_and_balance"
        ),
        CheckConstraint(
            "amount_headings <> '' OR (withdrawal_headings <> '' AND deposit_headings <> '')",
            name="has_amounts",
        ),
        CheckConstraint("version > 0", name="version_counts"),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True, comment="short name, e.g. ktb")
    title: Mapped[str] = mapped_column(Text)
    day_headings: Mapped[str] = mapped_column(Text)
    time_headings: Mapped[str] = mapped_column(Text, default="")
    description_headings: Mapped[str] = mapped_column(Text, default="")
    withdrawal_headings: Mapped[str] = mapped_column(Text, default="")
    deposit_headings: Mapped[str] = mapped_column(Text, default="")
    amount_headings: Mapped[str] = mapped_column(
        Text, default="", comment="of one column for both directions; money out has a minus"
    )
    balance_headings: Mapped[str] = mapped_column(Text)
    detail_headings: Mapped[str] = mapped_column(Text, default="")
    channel_headings: Mapped[str] = mapped_column(Text, default="")
    opening_words: Mapped[str] = mapped_column(Text, default="")
    closing_words: Mapped[str] = mapped_column(Text, default="")
    account_words: Mapped[str] = mapped_column(Text, default="")
    period_words: Mapped[str] = mapped_column(Text, default="")
    day_form: Mapped[DayForm] = mapped_column(Choice(DayForm))
    era: Mapped[Era] = mapped_column(Choice(Era))
    version: Mapped[int] = mapped_column(
        BigInt, default=1, comment="counts the changes, so that none is overwritten unseen"
    )


class Statement(Base):
    """One imported statement file; the same file is imported once, unless that is undone."""

    __tablename__ = "statements"
    __table_args__ = (
        _one_active("uq_statements_file", "bank_account_code", "file_sha256"),
        CheckConstraint("length(file_sha256) = 32", name="file_sha256_length"),
        CheckConstraint("from_on <= to_on", name="from_before_to"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_somebody"),
        Index("ix_statements_days", "bank_account_code", "from_on"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    bank_account_code: Mapped[str] = mapped_column(Text, ForeignKey("bank_accounts.code"))
    profile: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(Text)
    file_sha256: Mapped[bytes] = mapped_column(Bytes)
    from_on: Mapped[date] = mapped_column(Day)
    to_on: Mapped[date] = mapped_column(
        Day, comment="last day, at most that of the import; open until another file goes past it"
    )
    opening_satang: Mapped[int] = mapped_column(BigInt)
    closing_satang: Mapped[int] = mapped_column(BigInt)
    imported_by: Mapped[str] = mapped_column(Text)
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_by: Mapped[str | None] = mapped_column(Text)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    bank_account: Mapped[BankAccount] = relationship(lazy="joined")


class StatementLine(Base):
    """One movement of an account, however many files state it.

    A bank never changes its account, day and signed amount; ``ordinal`` counts equal ones of a day.
    Everything else is what the files say of it now: what each of them said is in `StatedLine`. What
    is left when the bank's words are erased says when, by whom and why; their digests stand.
    """

    __tablename__ = "statement_lines"
    __table_args__ = (
        one_of("status", LineStatus),
        UniqueConstraint(
            "bank_account_code", "booked_on", "withdrawal_satang", "deposit_satang", "ordinal",
            name="uq_statement_lines_identity",
        ),
        CheckConstraint(
            "(withdrawal_satang > 0 AND deposit_satang = 0)"
            " OR (withdrawal_satang = 0 AND deposit_satang > 0)",
            name="one_direction",
        ),
        CheckConstraint("ordinal >= 1", name="counted_from_one"),
        CheckConstraint("status <> 'ignored' OR status_reason <> ''", name="ignored_has_reason"),
        CheckConstraint(
            "matched_satang = 0 OR matched_satang BETWEEN 0 AND deposit_satang + withdrawal_satang",
            name="matched_within_amount",
        ),
        one_of("erased_why", ErasureReason),
        CheckConstraint(_DIGESTS, name="words_hashed"),
        CheckConstraint(
            "(words_encrypted IS NULL) = (erased_at IS NOT NULL)"
            " AND (erased_at IS NULL) = (erased_by IS NULL)"
            " AND (erased_at IS NULL) = (erased_why IS NULL)"
            " AND (erased_at IS NULL OR detail_lookup IS NULL)",
            name="erased_by_somebody",
        ),
        Index("ix_statement_lines_statement", "statement_id", "row_number"),
        Index("ix_statement_lines_status", "status", "booked_on", "id"),
        # The open lines of an amount; the condition must stand so in the question.
        Index(
            "ix_statement_lines_open",
            "deposit_satang",
            "booked_on",
            "id",
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
        Index("ix_statement_lines_day", "bank_account_code", "booked_on", "day_position"),
        # Payers are recognised by the text that the bank wrote on their earlier money.
        Index("ix_statement_lines_detail", "detail_lookup"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    statement_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("statements.id"), comment="the first file that counts and states it"
    )
    bank_account_code: Mapped[str] = mapped_column(Text, ForeignKey("bank_accounts.code"))
    row_number: Mapped[int] = mapped_column(BigInt, comment="its row in that file")
    booked_on: Mapped[date] = mapped_column(Day)
    withdrawal_satang: Mapped[int] = mapped_column(BigInt)
    deposit_satang: Mapped[int] = mapped_column(BigInt)
    ordinal: Mapped[int] = mapped_column(
        BigInt, comment="which of the lines of this amount on this day, from 1"
    )
    day_position: Mapped[int] = mapped_column(
        BigInt, comment="its place in the day, as the newest file has it"
    )
    booked_time: Mapped[str] = mapped_column(Text, default="", comment="HH:MM, HH:MM:SS or empty")
    words_encrypted: Mapped[bytes | None] = mapped_column(
        Bytes, comment="the bank's description, detail and channel; NULL once erased"
    )
    description_digest: Mapped[bytes] = mapped_column(Bytes, comment="keyed hash, for this line")
    detail_digest: Mapped[bytes] = mapped_column(Bytes, comment="keyed hash, for this line")
    channel_digest: Mapped[bytes] = mapped_column(Bytes, comment="keyed hash, for this line")
    detail_lookup: Mapped[bytes | None] = mapped_column(
        Bytes, comment="keyed hash, the same for equal details; NULL without one, or once erased"
    )
    balance_satang: Mapped[int] = mapped_column(
        BigInt, comment="after it, as the newest file has it"
    )
    status: Mapped[LineStatus] = mapped_column(Choice(LineStatus), default=LineStatus.UNMATCHED)
    status_reason: Mapped[str] = mapped_column(Text, default="")
    matched_satang: Mapped[int] = mapped_column(
        BigInt,
        default=0,
        server_default="0",
        comment="sum of its matches that count; kept by a trigger, which sets the status too",
    )
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="the bank's words")
    erased_by: Mapped[str | None] = mapped_column(Text)
    erased_why: Mapped[ErasureReason | None] = mapped_column(Choice(ErasureReason))

    statement: Mapped[Statement] = relationship(lazy="joined")

    @property
    def number(self) -> str:
        """The number by which its words are erased: BL and 13 characters."""
        return readable(self.id, LINE_PREFIX)

    @property
    def moved_satang(self) -> int:
        """The amount, whether it came in or went out."""
        return self.deposit_satang or self.withdrawal_satang

    @property
    def open_satang(self) -> int:
        """The amount that nothing is matched with yet."""
        return self.moved_satang - (self.matched_satang or 0)


class StatedLine(Base):
    """What one file says of one line: a row of the file, kept as it was read until the words of the
    line are erased.
    """

    __tablename__ = "stated_lines"
    __table_args__ = (
        UniqueConstraint("line_id", "statement_id", name="uq_stated_lines_line"),
        CheckConstraint(_DIGESTS, name="words_hashed"),
        Index("uq_stated_lines_id", "id", unique=True),
    )

    statement_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("statements.id"), primary_key=True, autoincrement=False
    )
    row_number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(
        BigInt, default=new_id, comment="what its words are encrypted for"
    )
    line_id: Mapped[int] = mapped_column(BigInt, ForeignKey("statement_lines.id"))
    position: Mapped[int] = mapped_column(
        BigInt, comment="its place in the bank's order, which may not be that of the rows"
    )
    booked_time: Mapped[str] = mapped_column(Text)
    words_encrypted: Mapped[bytes | None] = mapped_column(
        Bytes, comment="description, detail and channel; NULL once those of the line are erased"
    )
    description_digest: Mapped[bytes] = mapped_column(Bytes, comment="keyed hash, for its line")
    detail_digest: Mapped[bytes] = mapped_column(Bytes, comment="keyed hash, for its line")
    channel_digest: Mapped[bytes] = mapped_column(Bytes, comment="keyed hash, for its line")
    balance_satang: Mapped[int] = mapped_column(BigInt)

    statement: Mapped[Statement] = relationship()


class Match(Base):
    """An amount of a line matched to one payment, payout or entry; undone matches are kept.

    A line that is split has several. What counts of them never exceeds the line, and the line is
    matched exactly when they add up to it (``sql/*/keep_matched_amounts.sql``).
    """

    __tablename__ = "matches"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN payment_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN payout_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN journal_entry_id IS NULL THEN 0 ELSE 1 END = 1",
            name="one_target",
        ),
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        _one_active("uq_matches_payment_active", "payment_id"),
        _one_active("uq_matches_payout_active", "payout_id"),
        # Money that moves between two bank accounts is one entry and a line on each of them.
        _one_active("uq_matches_entry_active", "journal_entry_id", "bank_account_code"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_somebody"),
        # With both columns: PostgreSQL, before it knows how large the table is, would read a whole
        # partial index for each line that is matched.
        Index("ix_matches_line", "line_id", "undone_at"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    line_id: Mapped[int] = mapped_column(BigInt, ForeignKey("statement_lines.id"))
    bank_account_code: Mapped[str] = mapped_column(
        Text, comment="the line's; a trigger holds it to that"
    )
    payment_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("payments.id"))
    payout_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("payouts.id"))
    journal_entry_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("journal_entries.id"))
    amount_satang: Mapped[int] = mapped_column(BigInt, comment="the part of the line")
    reason: Mapped[str] = mapped_column(
        Text, comment="why this line belongs to this: sentences with their values, as JSON"
    )
    matched_by: Mapped[str] = mapped_column(Text)
    matched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_by: Mapped[str | None] = mapped_column(Text)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
