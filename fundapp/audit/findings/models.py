"""Tables of findings. Triggers keep what was found and each step
(``fundapp/audit/sql/*/keep_findings.sql``).
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.audit.samples.models import NUMBER_PREFIX as SAMPLE_PREFIX
from fundapp.audit.samples.models import SampleItem
from fundapp.db import Base, BigInt, Bytes, Choice, Day, UtcDateTime, one_of
from fundapp.documents.models import Document
from fundapp.ids import new_id, readable
from fundapp.labels import LabelledEnum
from fundapp.ledger.drafts import entry_number
from fundapp.markers import N_

#: What the number of a finding begins with.
NUMBER_PREFIX = "FI"


class Severity(LabelledEnum):
    """How much a finding weighs."""

    LOW = "low", N_("Minor"), "neutral"
    MEDIUM = "medium", N_("Considerable"), "warn"
    HIGH = "high", N_("Serious"), "bad"


class FindingStatus(LabelledEnum):
    """How far a finding is."""

    OPEN = "open", N_("Waits for a response"), "warn"
    ANSWERED = "answered", N_("Answered, to be retested"), "info"
    CLOSED = "closed", N_("Put right"), "good"
    REOPENED = "reopened", N_("Reopened"), "bad"


class AuditFinding(Base):
    """Something that is not as it should be. Its words are remarks; the title and the summary are
    public and hold no personal data.
    """

    __tablename__ = "audit_findings"
    __table_args__ = (
        one_of("severity", Severity),
        one_of("status", FindingStatus),
        CheckConstraint("title <> ''", name="titled"),
        CheckConstraint("owner <> made_by", name="owned_by_another"),
        CheckConstraint(
            "length(criteria_digest) = 32 AND length(condition_digest) = 32"
            " AND length(cause_digest) = 32 AND length(effect_digest) = 32",
            name="words_hashed",
        ),
        CheckConstraint(
            "(summary IS NULL) = (released_at IS NULL)"
            " AND (summary IS NULL) = (released_by IS NULL) AND summary <> ''",
            name="released_with_summary",
        ),
        Index("ix_audit_findings_due", "status", "due_on"),
        Index("ix_audit_findings_released_at", "released_at"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    severity: Mapped[Severity] = mapped_column(Choice(Severity))
    title: Mapped[str] = mapped_column(Text, comment="no personal data")
    criteria_digest: Mapped[bytes] = mapped_column(Bytes, comment="of a remark: what should be")
    condition_digest: Mapped[bytes] = mapped_column(Bytes, comment="of a remark: what is")
    cause_digest: Mapped[bytes] = mapped_column(Bytes, comment="of a remark: why")
    effect_digest: Mapped[bytes] = mapped_column(Bytes, comment="of a remark: what follows")
    owner: Mapped[str] = mapped_column(Text, comment="public id of the user who is to answer")
    due_on: Mapped[date] = mapped_column(Day)
    status: Mapped[FindingStatus] = mapped_column(Choice(FindingStatus), default=FindingStatus.OPEN)
    made_by: Mapped[str] = mapped_column(Text, comment="public id of the user")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    summary: Mapped[str | None] = mapped_column(Text, comment="public, no personal data")
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_by: Mapped[str | None] = mapped_column(Text)
    idempotency_key: Mapped[str] = mapped_column(
        Text, unique=True, comment="of the form that was sent"
    )

    steps: Mapped[list["FindingStep"]] = relationship(order_by="FindingStep.number")
    evidence: Mapped[list["FindingEvidence"]] = relationship(order_by="FindingEvidence.number")

    @property
    def number(self) -> str:
        """The number by which the finding is named: FI and 13 characters."""
        return readable(self.id, NUMBER_PREFIX)

    @property
    def is_closed(self) -> bool:
        """Whether it was put right."""
        return self.status is FindingStatus.CLOSED


class FindingStep(Base):
    """A response, a retest or a reopening, and the state it led to; append-only."""

    __tablename__ = "audit_finding_steps"
    __table_args__ = (
        one_of("status", FindingStatus),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("status <> 'open'", name="leads_on"),
        CheckConstraint("length(words_digest) = 32", name="words_hashed"),
        CheckConstraint(
            "(status = 'reopened') = (due_on IS NOT NULL)", name="reopened_until_a_day"
        ),
    )

    finding_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("audit_findings.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    status: Mapped[FindingStatus] = mapped_column(Choice(FindingStatus))
    due_on: Mapped[date | None] = mapped_column(Day, comment="the new day by which it is put right")
    words_digest: Mapped[bytes] = mapped_column(Bytes, comment="of a remark")
    done_by: Mapped[str] = mapped_column(Text, comment="public id of the user")
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FindingEvidence(Base):
    """An entry, an item of a sample or a document that shows what was found; append-only."""

    __tablename__ = "audit_finding_evidence"
    __table_args__ = (
        ForeignKeyConstraint(
            ["sample_id", "position"],
            ["audit_sample_items.sample_id", "audit_sample_items.position"],
            name="fk_audit_finding_evidence_item",
        ),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("(sample_id IS NULL) = (position IS NULL)", name="whole_item"),
        CheckConstraint(
            "(CASE WHEN entry_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN sample_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN document_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_thing",
        ),
    )

    finding_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("audit_findings.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    entry_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("journal_entries.id"))
    sample_id: Mapped[int | None] = mapped_column(BigInt)
    position: Mapped[int | None] = mapped_column(BigInt)
    document_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("documents.id"))
    added_by: Mapped[str] = mapped_column(Text, comment="public id of the user")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    document: Mapped[Document | None] = relationship()
    item: Mapped[SampleItem | None] = relationship()

    @property
    def entry_number(self) -> str:
        """The number of the entry, when it is one."""
        return "" if self.entry_id is None else entry_number(self.entry_id)

    @property
    def sample_number(self) -> str:
        """The number of the sample, when it is an item of one."""
        return "" if self.sample_id is None else readable(self.sample_id, SAMPLE_PREFIX)
