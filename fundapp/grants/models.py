"""Tables of grants. What a grant says is frozen when it starts: ``fundapp/grants/sql``."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Choice, Day, UtcDateTime, one_of
from fundapp.documents.models import Document
from fundapp.giving.models import Donor, Pledge
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.ledger.models import Fund
from fundapp.markers import N_


class GrantStatus(LabelledEnum):
    """How far a grant is."""

    DRAFT = "draft", N_("Draft"), "neutral"
    RUNNING = "running", N_("Running"), "info"
    COMPLETED = "completed", N_("Completed"), "good"
    ENDED = "ended", N_("Ended early"), "warn"
    WITHDRAWN = "withdrawn", N_("Not pursued"), "neutral"


class LineRule(LabelledEnum):
    """What happens when help takes more than is left on a budget line."""

    WARN = "warn", N_("Warn"), "info"
    REFUSE = "refuse", N_("Do not allow"), "warn"


class ReportStatus(LabelledEnum):
    """How far a report to the grantor is."""

    DUE = "due", N_("To be sent"), "warn"
    SENT = "sent", N_("Sent"), "info"
    RETURNED = "returned", N_("Returned"), "bad"
    ACCEPTED = "accepted", N_("Accepted"), "good"


class ReportReturnReason(LabelledEnum):
    """Why a grantor returned a report."""

    FIGURES = "figures", N_("Figures to explain")
    PAPERS = "papers", N_("Papers are missing")
    FORM = "form", N_("Another form is wanted")
    OTHER = "other", N_("Another reason, in the grantor's letter")


class ReceivedGrant(Base):
    """An agreement with a grantor about money for one fund."""

    __tablename__ = "grants"
    __table_args__ = (
        one_of("status", GrantStatus),
        UniqueConstraint("donor_id", "number", name="uq_grants_number"),
        CheckConstraint("number <> '' AND title <> ''", name="named"),
        CheckConstraint("total_satang > 0", name="total_positive"),
        CheckConstraint("starts_on <= ends_on", name="days_in_order"),
        CheckConstraint(
            "(status IN ('draft', 'withdrawn')) = (proposal_id IS NULL)", name="two_people"
        ),
        CheckConstraint(
            "proposal_id IS NULL OR document_id IS NOT NULL", name="started_with_document"
        ),
        CheckConstraint("(status = 'ended') = (ended_on IS NOT NULL)", name="ended_on_a_day"),
        Index("ix_grants_fund", "fund_code", "status"),
        Index("ix_grants_status", "status", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    donor_id: Mapped[int] = mapped_column(BigInt, ForeignKey("donors.id"))
    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"))
    number: Mapped[str] = mapped_column(Text, comment="of the agreement, as the grantor gave it")
    title: Mapped[str] = mapped_column(Text, comment="what the grant is for; no personal data")
    signed_on: Mapped[date] = mapped_column(Day)
    starts_on: Mapped[date] = mapped_column(Day)
    ends_on: Mapped[date] = mapped_column(Day)
    total_satang: Mapped[int] = mapped_column(BigInt)
    status: Mapped[GrantStatus] = mapped_column(Choice(GrantStatus), default=GrantStatus.DRAFT)
    document_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("documents.id"))
    proposal_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("proposals.id"), comment="by which two people let it start"
    )
    ended_on: Mapped[date | None] = mapped_column(Day, comment="the last day, if it ended early")
    created_by: Mapped[str] = mapped_column(Text, comment="public id of the user")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    donor: Mapped[Donor] = relationship(lazy="joined")
    fund: Mapped[Fund] = relationship(lazy="joined")
    lines: Mapped[list["GrantLine"]] = relationship(
        order_by="GrantLine.fiscal_year, GrantLine.account_code"
    )
    instalments: Mapped[list["GrantInstalment"]] = relationship(
        order_by="GrantInstalment.due_on, GrantInstalment.id"
    )
    conditions: Mapped[list["GrantCondition"]] = relationship(
        order_by="GrantCondition.due_on, GrantCondition.id"
    )
    reports: Mapped[list["GrantReport"]] = relationship(
        order_by="GrantReport.due_on, GrantReport.id"
    )
    amendments: Mapped[list["GrantAmendment"]] = relationship(order_by="GrantAmendment.number")

    @property
    def last_on(self) -> date:
        """The last day on which help is charged to it."""
        return self.ended_on or self.ends_on

    @property
    def is_draft(self) -> bool:
        """Whether what it says may still be changed."""
        return self.status is GrantStatus.DRAFT


class GrantLine(Base):
    """What may be spent of a grant on one kind of expense in one fiscal year."""

    __tablename__ = "grant_lines"
    __table_args__ = (
        one_of("rule", LineRule),
        UniqueConstraint("grant_id", "fiscal_year", "account_code", name="uq_grant_lines_kind"),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("account_code LIKE '5%'", name="expense_account"),
        CheckConstraint("fiscal_year BETWEEN 2500 AND 2700", name="fiscal_year_in_range"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    grant_id: Mapped[int] = mapped_column(BigInt, ForeignKey("grants.id"))
    fiscal_year: Mapped[int] = mapped_column(BigInt, comment="B.E. year in which it ends")
    account_code: Mapped[str] = mapped_column(Text, ForeignKey("accounts.code"))
    amount_satang: Mapped[int] = mapped_column(BigInt)
    rule: Mapped[LineRule] = mapped_column(Choice(LineRule))


class GrantInstalment(Base):
    """Money of a grant that is expected; it arrives on a pledge of the grantor."""

    __tablename__ = "grant_instalments"
    __table_args__ = (
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        Index("ix_grant_instalments_grant_id", "grant_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    grant_id: Mapped[int] = mapped_column(BigInt, ForeignKey("grants.id"))
    due_on: Mapped[date] = mapped_column(Day)
    amount_satang: Mapped[int] = mapped_column(BigInt)
    condition: Mapped[str] = mapped_column(Text, comment="what it depends on; no personal data")
    pledge_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("pledges.id"), unique=True, comment="made when the grant starts"
    )

    pledge: Mapped[Pledge | None] = relationship()


class GrantCondition(Base):
    """Something that the agreement asks of the fund by a day, with its evidence."""

    __tablename__ = "grant_conditions"
    __table_args__ = (
        CheckConstraint("text <> ''", name="has_text"),
        CheckConstraint(
            "(met_on IS NULL) = (met_by IS NULL) AND (met_on IS NULL) = (document_id IS NULL)",
            name="met_with_evidence",
        ),
        Index("ix_grant_conditions_grant_id", "grant_id"),
        Index("ix_grant_conditions_due_on", "due_on"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    grant_id: Mapped[int] = mapped_column(BigInt, ForeignKey("grants.id"))
    due_on: Mapped[date] = mapped_column(Day)
    text: Mapped[str] = mapped_column(Text, comment="of the agreement; no personal data")
    met_on: Mapped[date | None] = mapped_column(Day)
    met_by: Mapped[str | None] = mapped_column(Text, comment="public id of the user")
    document_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("documents.id"))

    grant: Mapped[ReceivedGrant] = relationship(viewonly=True, lazy="joined")


class GrantReport(Base):
    """A report that the grantor is owed about some days of the grant."""

    __tablename__ = "grant_reports"
    __table_args__ = (
        one_of("status", ReportStatus),
        one_of("return_reason", ReportReturnReason),
        CheckConstraint("from_on <= to_on", name="days_in_order"),
        CheckConstraint("(status = 'due') = (sendings = 0)", name="sent_when_sent"),
        CheckConstraint(
            "(status = 'returned') = (return_reason IS NOT NULL)", name="returned_for_a_reason"
        ),
        Index("ix_grant_reports_grant_id", "grant_id"),
        Index("ix_grant_reports_due_on", "due_on"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    grant_id: Mapped[int] = mapped_column(BigInt, ForeignKey("grants.id"))
    from_on: Mapped[date] = mapped_column(Day)
    to_on: Mapped[date] = mapped_column(Day)
    due_on: Mapped[date] = mapped_column(Day)
    status: Mapped[ReportStatus] = mapped_column(Choice(ReportStatus), default=ReportStatus.DUE)
    sendings: Mapped[int] = mapped_column(BigInt, default=0, comment="how often it was sent")
    return_reason: Mapped[ReportReturnReason | None] = mapped_column(Choice(ReportReturnReason))

    grant: Mapped[ReceivedGrant] = relationship(viewonly=True, lazy="joined")
    sent: Mapped[list["ReportSending"]] = relationship(order_by="ReportSending.number")


class ReportSending(Base):
    """A report as it was sent, with the figures of its day; append-only by trigger."""

    __tablename__ = "grant_report_sendings"
    __table_args__ = (CheckConstraint("number >= 1", name="number_from_one"),)

    report_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("grant_reports.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    sent_on: Mapped[date] = mapped_column(Day)
    document_id: Mapped[int] = mapped_column(BigInt, ForeignKey("documents.id"))
    sent_by: Mapped[str] = mapped_column(Text, comment="public id of the user")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    figures: Mapped[list["ReportFigure"]] = relationship()


class ReportFigure(Base):
    """What a sent report says was spent on a budget line; append-only by trigger."""

    __tablename__ = "grant_report_figures"
    __table_args__ = (
        ForeignKeyConstraint(
            ["report_id", "number"],
            ["grant_report_sendings.report_id", "grant_report_sendings.number"],
            name="fk_grant_report_figures_sending",
        ),
    )

    report_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    line_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("grant_lines.id"), primary_key=True, autoincrement=False
    )
    spent_satang: Mapped[int] = mapped_column(BigInt)


class GrantAmendment(Base):
    """What grantor and fund agreed to change of a grant that runs: its last day, its budget lines,
    or both; the total stays. Append-only by trigger.
    """

    __tablename__ = "grant_amendments"
    __table_args__ = (CheckConstraint("number >= 1", name="number_from_one"),)

    grant_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("grants.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    signed_on: Mapped[date] = mapped_column(Day)
    ends_before: Mapped[date] = mapped_column(Day, comment="the last day until then")
    ends_after: Mapped[date] = mapped_column(Day)
    document_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("documents.id"), comment="the amendment as both signed it"
    )
    proposal_id: Mapped[int] = mapped_column(BigInt, ForeignKey("proposals.id"), unique=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    document: Mapped[Document] = relationship()
    lines: Mapped[list["AmendmentLine"]] = relationship(
        order_by="AmendmentLine.fiscal_year, AmendmentLine.account_code"
    )


class AmendmentLine(Base):
    """A budget line that an amendment changed, or added (before: 0); append-only by trigger."""

    __tablename__ = "grant_amendment_lines"
    __table_args__ = (
        ForeignKeyConstraint(
            ["grant_id", "number"],
            ["grant_amendments.grant_id", "grant_amendments.number"],
            name="fk_grant_amendment_lines_amendment",
        ),
        CheckConstraint(
            "before_satang >= 0 AND after_satang > 0 AND before_satang <> after_satang",
            name="amounts_in_range",
        ),
    )

    grant_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    fiscal_year: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    account_code: Mapped[str] = mapped_column(Text, ForeignKey("accounts.code"), primary_key=True)
    before_satang: Mapped[int] = mapped_column(BigInt)
    after_satang: Mapped[int] = mapped_column(BigInt)
