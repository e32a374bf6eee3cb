"""Requests and what is done about them. "Three people" is a CHECK: copies of the actors, of the
decision and of the total are tied to their rows by foreign keys. Triggers in ``sql/`` freeze what
is decided on, and keep approvals, payouts and proofs of receipt as they are.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.children.models import Child
from fundapp.db import Base, BigInt, Bytes, Choice, Day, UtcDateTime, one_of
from fundapp.identity.models import User
from fundapp.ids import new_id, new_public_id, readable
from fundapp.labels import LabelledEnum
from fundapp.ledger.models import Fund
from fundapp.markers import N_
from fundapp.places.models import District
from fundapp.remarks.models import ReasonCode

if TYPE_CHECKING:
    from fundapp.disbursements.models.account_checks import AccountCheck
    from fundapp.disbursements.models.audits import RequestOpening
    from fundapp.disbursements.models.confirmations import ReceiptConfirmation
    from fundapp.disbursements.models.interests import RequestInterest
    from fundapp.disbursements.models.payees import RequestPayee
    from fundapp.disbursements.models.proofs import ProofOfReceipt
    from fundapp.disbursements.models.returns import PayoutReturn, ShareReturn
    from fundapp.disbursements.models.stops import PaidStop


class RequestStatus(LabelledEnum):
    """How far a request is."""

    SUBMITTED = "submitted", N_("Waiting for approval"), "info"
    RETURNED = "returned", N_("Returned for changes"), "warn"
    APPROVED = "approved", N_("Approved, to be paid"), "info"
    REJECTED = "rejected", N_("Rejected")
    CANCELLED = "cancelled", N_("Cancelled")
    PAID = "paid", N_("Paid, proof of receipt awaited"), "info"
    CONFIRMED = "confirmed", N_("Receipt confirmed"), "good"
    PROBLEM = "problem", N_("Problem with the receipt"), "bad"


class Need(LabelledEnum):
    """The kind of help asked for; each has its expense account."""

    LIVING = "living", N_("Living costs")
    EDUCATION = "education", N_("Education")
    TRAVEL = "travel", N_("Travel")
    HEALTH = "health", N_("Health")
    FOOD = "food", N_("Food")


class PayeeKind(LabelledEnum):
    """Who takes the money on the child's behalf."""

    GUARDIAN = "guardian", N_("Guardian")
    SCHOOL = "school", N_("School")
    VENDOR = "vendor", N_("Vendor")
    OTHER = "other", N_("Somebody else")


class PayoutMethod(LabelledEnum):
    """How help is paid."""

    TRANSFER = "transfer", N_("Bank transfer")
    PROMPTPAY = "promptpay", N_("PromptPay")
    CASH = "cash", N_("Cash")


class Decision(LabelledEnum):
    """What an approver decided."""

    APPROVE = "approve", N_("Approved"), "good"
    RETURN = "return", N_("Returned for changes"), "warn"
    REJECT = "reject", N_("Rejected"), "bad"


class ReceiptOutcome(LabelledEnum):
    """What the guardian or school says of the money."""

    RECEIVED = "received", N_("Received"), "good"
    NOT_RECEIVED = "not_received", N_("Not received"), "bad"
    PROBLEM = "problem", N_("Received with a problem"), "bad"


class DisbursementRequest(Base):
    """A request for help for one or more children of one district, from one fund."""

    __tablename__ = "disbursement_requests"
    __table_args__ = (
        one_of("status", RequestStatus),
        one_of("need", Need),
        one_of("payee_kind", PayeeKind),
        one_of("payout_method", PayoutMethod),
        CheckConstraint("total_satang > 0", name="total_positive"),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint(
            "status NOT IN ('approved', 'paid', 'confirmed', 'problem')"
            " OR approval_entry_id IS NOT NULL",
            name="approved_is_booked",
        ),
        UniqueConstraint("id", "requested_by_id", name="uq_disbursement_requests_asker"),
        UniqueConstraint(
            "id", "requested_by_id", "total_satang", name="uq_disbursement_requests_total"
        ),
        Index("ix_disbursement_requests_status", "status", "id"),
        Index("ix_disbursement_requests_fund", "fund_code", "id"),
        Index("ix_disbursement_requests_fund_district", "fund_code", "district_code", "id"),
        Index("ix_disbursement_requests_fund_status", "fund_code", "status", "id"),
        Index("ix_disbursement_requests_district", "district_code", "id"),
        Index("ix_disbursement_requests_district_status", "district_code", "status", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    number: Mapped[str] = mapped_column(Text, unique=True, comment="readable, e.g. RQ…")
    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"))
    district_code: Mapped[str] = mapped_column(Text, ForeignKey("districts.code"))
    need: Mapped[Need] = mapped_column(Choice(Need))
    reason_encrypted: Mapped[bytes] = mapped_column(Bytes, comment="why; may speak of the child")
    payee_kind: Mapped[PayeeKind] = mapped_column(Choice(PayeeKind))
    payee_name_encrypted: Mapped[bytes] = mapped_column(Bytes)
    payee_account_encrypted: Mapped[bytes | None] = mapped_column(Bytes, comment="bank and number")
    payout_method: Mapped[PayoutMethod] = mapped_column(Choice(PayoutMethod))
    total_satang: Mapped[int] = mapped_column(BigInt, comment="sum of its lines")
    status: Mapped[RequestStatus] = mapped_column(
        Choice(RequestStatus), default=RequestStatus.SUBMITTED
    )
    version: Mapped[int] = mapped_column(BigInt, default=1, comment="raised by every change")
    facts_sha256: Mapped[bytes] = mapped_column(Bytes, comment="of what is being decided on")
    requested_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approval_entry_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("journal_entries.id"), unique=True
    )

    fund: Mapped[Fund] = relationship(lazy="joined")
    district: Mapped[District] = relationship(lazy="joined")
    requested_by: Mapped[User] = relationship(lazy="joined", foreign_keys=[requested_by_id])
    lines: Mapped[list["RequestLine"]] = relationship(lazy="selectin", order_by="RequestLine.id")
    approvals: Mapped[list["Approval"]] = relationship(lazy="selectin", order_by="Approval.id")
    payouts: Mapped[list["Payout"]] = relationship(lazy="selectin", order_by="Payout.id")
    proofs: Mapped[list["ProofOfReceipt"]] = relationship(
        lazy="selectin", order_by="ProofOfReceipt.id"
    )
    openings: Mapped[list["RequestOpening"]] = relationship(order_by="RequestOpening.id")
    releases: Mapped[list["PaymentRelease"]] = relationship(
        lazy="selectin", order_by="PaymentRelease.id"
    )
    paid_stops: Mapped[list["PaidStop"]] = relationship(
        primaryjoin="foreign(PaidStop.request_id) == DisbursementRequest.id",
        order_by="PaidStop.id",
    )
    interests: Mapped[list["RequestInterest"]] = relationship(
        lazy="selectin", order_by="RequestInterest.declared_at"
    )
    account_checks: Mapped[list["AccountCheck"]] = relationship(
        lazy="selectin",
        order_by="AccountCheck.number",
        primaryjoin="foreign(AccountCheck.request_id) == DisbursementRequest.id",
    )
    payee: Mapped["RequestPayee | None"] = relationship(lazy="selectin", uselist=False)
    confirmations: Mapped[list["ReceiptConfirmation"]] = relationship(
        lazy="selectin", order_by="ReceiptConfirmation.confirmed_at"
    )

    @property
    def payout(self) -> "Payout | None":
        """The payment that stands: one that came back does not."""
        return next((each for each in self.payouts if each.comeback is None), None)


class RequestLine(Base):
    """One child's share of a request."""

    __tablename__ = "request_lines"
    __table_args__ = (
        UniqueConstraint("request_id", "child_id", name="uq_request_lines_child"),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        Index("ix_request_lines_child_id", "child_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    request_id: Mapped[int] = mapped_column(BigInt, ForeignKey("disbursement_requests.id"))
    child_id: Mapped[int] = mapped_column(BigInt, ForeignKey("children.id"))
    amount_satang: Mapped[int] = mapped_column(BigInt)

    child: Mapped[Child] = relationship(lazy="joined")


class Approval(Base):
    """One person's decision on the facts of one version of a request; append-only by trigger."""

    __tablename__ = "approvals"
    __table_args__ = (
        one_of("decision", Decision),
        ForeignKeyConstraint(
            ["request_id", "requested_by_id"],
            ["disbursement_requests.id", "disbursement_requests.requested_by_id"],
            name="fk_approvals_asker",
        ),
        UniqueConstraint(
            "request_id", "approver_id", "decision", "id", name="uq_approvals_approver"
        ),
        UniqueConstraint("request_id", "version", name="uq_approvals_version"),
        CheckConstraint("approver_id <> requested_by_id", name="two_people"),
        one_of("reason_code", ReasonCode),
        CheckConstraint(
            "decision = 'approve' OR (reason_code IS NOT NULL AND reason_digest IS NOT NULL)",
            name="refusal_has_reason",
        ),
        CheckConstraint(
            "reason_digest IS NULL OR length(reason_digest) = 32", name="reason_hashed"
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    request_id: Mapped[int] = mapped_column(BigInt)
    requested_by_id: Mapped[int] = mapped_column(BigInt)
    version: Mapped[int] = mapped_column(BigInt, comment="of the request that was decided on")
    facts_sha256: Mapped[bytes] = mapped_column(Bytes)
    approver_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    decision: Mapped[Decision] = mapped_column(Choice(Decision))
    reason_code: Mapped[ReasonCode | None] = mapped_column(Choice(ReasonCode))
    reason_digest: Mapped[bytes | None] = mapped_column(
        Bytes, comment="of the words, which are a remark"
    )
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)

    approver: Mapped[User] = relationship(lazy="joined")

    @property
    def voucher(self) -> str:
        """The number that paper, bank and books bear when what was approved is paid (PV…)."""
        return readable(self.id, "PV")


class Payout(Base):
    """The money of an approved request leaving a bank account or the cash box. A further one only
    after every earlier one came back (`PayoutReturn`): trigger ``payouts_once``.
    """

    __tablename__ = "payouts"
    __table_args__ = (
        one_of("method", PayoutMethod),
        ForeignKeyConstraint(
            ["request_id", "requested_by_id", "amount_satang"],
            [
                "disbursement_requests.id",
                "disbursement_requests.requested_by_id",
                "disbursement_requests.total_satang",
            ],
            name="fk_payouts_request",
        ),
        ForeignKeyConstraint(
            ["request_id", "approver_id", "decision", "approval_id"],
            [
                "approvals.request_id",
                "approvals.approver_id",
                "approvals.decision",
                "approvals.id",
            ],
            name="fk_payouts_approval",
        ),
        CheckConstraint("decision = 'approve'", name="paid_on_approval"),
        UniqueConstraint("request_id", "attempt", name="uq_payouts_request_id"),
        CheckConstraint("attempt BETWEEN 1 AND 9", name="attempt_in_range"),
        # Bank lines are compared with payouts of their amount.
        Index("ix_payouts_amount", "amount_satang", "paid_on"),
        Index("ix_payouts_recorded_at", "recorded_at", "request_id"),
        CheckConstraint(
            "payer_id <> requested_by_id AND payer_id <> approver_id"
            " AND approver_id <> requested_by_id",
            name="three_people",
        ),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    voucher: Mapped[str] = mapped_column(
        Text, unique=True, comment="readable, shown to the bank: PV…"
    )
    request_id: Mapped[int] = mapped_column(BigInt)
    requested_by_id: Mapped[int] = mapped_column(BigInt)
    approval_id: Mapped[int] = mapped_column(BigInt)
    approver_id: Mapped[int] = mapped_column(BigInt)
    decision: Mapped[Decision] = mapped_column(
        Choice(Decision), default=Decision.APPROVE, comment="copied, as the actors are"
    )
    payer_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    method: Mapped[PayoutMethod] = mapped_column(Choice(PayoutMethod))
    paid_from_account_code: Mapped[str] = mapped_column(Text, ForeignKey("accounts.code"))
    amount_satang: Mapped[int] = mapped_column(BigInt)
    paid_on: Mapped[date] = mapped_column(Day)
    bank_reference: Mapped[str] = mapped_column(Text, default="", comment="a number, no words")
    journal_entry_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("journal_entries.id"), unique=True
    )
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempt: Mapped[int] = mapped_column(
        BigInt, default=1, server_default="1", comment="which payment of the request"
    )

    payer: Mapped[User] = relationship(lazy="joined", foreign_keys=[payer_id])
    comeback: Mapped["PayoutReturn | None"] = relationship(uselist=False, lazy="selectin")
    share_returns: Mapped[list["ShareReturn"]] = relationship(order_by="ShareReturn.id")


class PaymentRelease(Base):
    """An approver lets a payment go on that was stopped: a child died or its file was closed, a
    consent ended, or the payee left the files after the approval; append-only by trigger.
    """

    __tablename__ = "payment_releases"
    __table_args__ = (
        ForeignKeyConstraint(
            ["request_id", "requested_by_id"],
            ["disbursement_requests.id", "disbursement_requests.requested_by_id"],
            name="fk_payment_releases_asker",
        ),
        CheckConstraint("released_by_id <> requested_by_id", name="two_people"),
        CheckConstraint("length(stop_sha256) = 32 AND length(reason_digest) = 32", name="hashed"),
        Index("ix_payment_releases_request_id", "request_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    request_id: Mapped[int] = mapped_column(BigInt)
    requested_by_id: Mapped[int] = mapped_column(BigInt)
    released_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    stop_sha256: Mapped[bytes] = mapped_column(Bytes, comment="of what stopped it then")
    reason_digest: Mapped[bytes] = mapped_column(Bytes, comment="of the words, which are a remark")
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)

    released_by: Mapped[User] = relationship(lazy="joined")
