"""Tables of samples. Triggers keep what was frozen, drawn and written
(``fundapp/audit/sql/*/keep_samples.sql``).
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Bytes, Choice, Day, UtcDateTime, one_of
from fundapp.ids import new_id, readable
from fundapp.labels import LabelledEnum
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import EntryKind
from fundapp.markers import N_

#: What the number of a sample begins with.
NUMBER_PREFIX = "SA"


class SampleMethod(LabelledEnum):
    """How entries are chosen."""

    RANDOM = "random", N_("Random: every entry has the same chance")
    STRATIFIED = "stratified", N_("Stratified: by size of the amount")
    MONETARY_UNIT = "monetary_unit", N_("Monetary unit: every baht has the same chance")


class SampleStatus(LabelledEnum):
    """How far a sample is."""

    FROZEN = "frozen", N_("Population frozen, not drawn"), "warn"
    DRAWN = "drawn", N_("Drawn, being checked"), "info"
    CLOSED = "closed", N_("Closed"), "good"


class Confidence(LabelledEnum):
    """How sure the auditor wants to be, in percent."""

    C80 = "80", N_("80 percent")
    C90 = "90", N_("90 percent")
    C95 = "95", N_("95 percent")
    C99 = "99", N_("99 percent")


class SeedSource(LabelledEnum):
    """Where the number comes from that the drawing begins with."""

    PUBLIC = "public", N_("A number drawn in public, which is typed")
    SYSTEM = "system", N_("Made by this program")


class PaperResult(LabelledEnum):
    """What checking an item came to."""

    IN_ORDER = "in_order", N_("In order"), "good"
    EXCEPTION = "exception", N_("Exception"), "bad"
    NOT_FOUND = "not_found", N_("Evidence not found"), "bad"


class Sample(Base):
    """A population of entries, frozen, and how entries are drawn of it."""

    __tablename__ = "audit_samples"
    __table_args__ = (
        one_of("method", SampleMethod),
        one_of("status", SampleStatus),
        one_of("confidence", Confidence),
        one_of("seed_source", SeedSource),
        CheckConstraint("from_on <= to_on", name="days_in_order"),
        CheckConstraint(
            "population_count > 0 AND population_satang > 0", name="population_counted"
        ),
        CheckConstraint("length(population_sha256) = 32", name="population_sha256_length"),
        CheckConstraint("materiality_satang > 0 AND expected_satang >= 0", name="limits_set"),
        CheckConstraint("size BETWEEN 1 AND population_count", name="size_in_population"),
        CheckConstraint(
            "(status = 'frozen') = (seed IS NULL) AND (seed IS NULL) = (seed_source IS NULL)"
            " AND (seed IS NULL) = (drawn_at IS NULL) AND (seed IS NULL) = (drawn_by IS NULL)",
            name="drawn_with_seed",
        ),
        CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)"
            " AND (closed_at IS NULL) = (closed_by IS NULL)",
            name="closed_by_somebody",
        ),
        UniqueConstraint("idempotency_key", name="uq_audit_samples_idempotency_key"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    from_on: Mapped[date] = mapped_column(Day)
    to_on: Mapped[date] = mapped_column(Day)
    kind: Mapped[EntryKind | None] = mapped_column(Choice(EntryKind), comment="NULL for all")
    fund_code: Mapped[str | None] = mapped_column(
        Text, ForeignKey("funds.code"), comment="NULL for all"
    )
    last_entry_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("journal_entries.id"), comment="later entries do not belong to it"
    )
    population_count: Mapped[int] = mapped_column(BigInt)
    population_satang: Mapped[int] = mapped_column(BigInt)
    population_sha256: Mapped[bytes] = mapped_column(Bytes, comment="of its lines, see queries.py")
    method: Mapped[SampleMethod] = mapped_column(Choice(SampleMethod))
    confidence: Mapped[Confidence] = mapped_column(Choice(Confidence))
    materiality_satang: Mapped[int] = mapped_column(BigInt, comment="the most error that is borne")
    expected_satang: Mapped[int] = mapped_column(BigInt, comment="error that is expected")
    size: Mapped[int] = mapped_column(BigInt, comment="by sizes.py; the fewest that are drawn")
    status: Mapped[SampleStatus] = mapped_column(Choice(SampleStatus), default=SampleStatus.FROZEN)
    seed: Mapped[str | None] = mapped_column(Text)
    seed_source: Mapped[SeedSource | None] = mapped_column(Choice(SeedSource))
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    frozen_by: Mapped[str] = mapped_column(Text, comment="public id of the user")
    drawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    drawn_by: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(Text)
    idempotency_key: Mapped[str] = mapped_column(Text, comment="of the form that was sent")

    strata: Mapped[list["SampleStratum"]] = relationship(order_by="SampleStratum.number")
    items: Mapped[list["SampleItem"]] = relationship(order_by="SampleItem.position")

    @property
    def number(self) -> str:
        """The number by which the sample is named: SA and 13 characters."""
        return readable(self.id, NUMBER_PREFIX)


class SampleStratum(Base):
    """A part of the population, with what it comes to; one of everything unless stratified."""

    __tablename__ = "audit_sample_strata"
    __table_args__ = (
        CheckConstraint("number BETWEEN 0 AND 3", name="number_in_range"),
        CheckConstraint("entry_count > 0 AND amount_satang > 0", name="counted"),
    )

    sample_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("audit_samples.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(
        BigInt, primary_key=True, autoincrement=False, comment="0: checked in full"
    )
    entry_count: Mapped[int] = mapped_column(BigInt)
    amount_satang: Mapped[int] = mapped_column(BigInt)


class SampleItem(Base):
    """An entry that was drawn."""

    __tablename__ = "audit_sample_items"
    __table_args__ = (
        UniqueConstraint("sample_id", "entry_id", name="uq_audit_sample_items_entry"),
        ForeignKeyConstraint(
            ["sample_id", "stratum"],
            ["audit_sample_strata.sample_id", "audit_sample_strata.number"],
            name="fk_audit_sample_items_stratum",
        ),
        CheckConstraint("position >= 1", name="position_from_one"),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("hits >= 1", name="hit"),
    )

    sample_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("audit_samples.id"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(BigInt, ForeignKey("journal_entries.id"))
    amount_satang: Mapped[int] = mapped_column(BigInt, comment="of the sample's fund, or of all")
    stratum: Mapped[int] = mapped_column(BigInt)
    hits: Mapped[int] = mapped_column(BigInt, comment="how often a monetary unit of it was drawn")

    @property
    def sample_number(self) -> str:
        """The number of its sample."""
        return readable(self.sample_id, NUMBER_PREFIX)

    @property
    def entry_number(self) -> str:
        """The number of the entry."""
        return entry_number(self.entry_id)


class SamplePaper(Base):
    """The working paper of an item; the one with the highest number counts. Append-only."""

    __tablename__ = "audit_sample_papers"
    __table_args__ = (
        one_of("result", PaperResult),
        ForeignKeyConstraint(
            ["sample_id", "position"],
            ["audit_sample_items.sample_id", "audit_sample_items.position"],
            name="fk_audit_sample_papers_item",
        ),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint(
            "error_satang >= 0 AND (result <> 'in_order' OR error_satang = 0)"
            " AND (result = 'in_order' OR error_satang > 0)",
            name="error_of_result",
        ),
        CheckConstraint(
            "note_digest IS NULL OR length(note_digest) = 32", name="note_digest_length"
        ),
    )

    sample_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    result: Mapped[PaperResult] = mapped_column(Choice(PaperResult))
    error_satang: Mapped[int] = mapped_column(BigInt, comment="by which the books say too much")
    note_digest: Mapped[bytes | None] = mapped_column(Bytes, comment="of the remark")
    written_by: Mapped[str] = mapped_column(Text, comment="public id of the user")
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
