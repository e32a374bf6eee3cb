"""Slips of bank transfers that donors send: claims, never money."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Bytes, Choice, UtcDateTime, one_of
from fundapp.documents.models import Document
from fundapp.giving.models.payments import Payment
from fundapp.giving.models.pledges import Instalment, Pledge
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_

_CONFIRMED, _WAITING = "status = 'confirmed'", "status = 'waiting'"


class SlipStatus(LabelledEnum):
    """The state of a slip: it is confirmed when the payment that it claims is booked."""

    WAITING = "waiting", N_("Waiting for the bank"), "info"
    CONFIRMED = "confirmed", N_("The money has arrived"), "good"
    REJECTED = "rejected", N_("Not accepted"), "bad"


class SlipRejection(LabelledEnum):
    """Why the office did not accept a slip; the donor reads it."""

    NO_MONEY = "no_money", N_("The bank has no such payment to the fund.")
    OTHER_ACCOUNT = "other_account", N_("The slip is of a payment to another account.")
    USED = "used", N_("The slip belongs to a gift that is counted already.")
    UNREADABLE = "unreadable", N_("The slip cannot be read.")
    NO_SLIP = "no_slip", N_("The file is no slip of a payment.")


class Slip(Base):
    """A slip that was sent for an instalment. Rules: ``sql/*/keep_slips.sql``.

    The bank that sent the money and the bank's reference (transRef) come from the slip's own QR
    code; ``code_digest`` is the keyed hash of both. A slip without a readable code has neither.
    """

    __tablename__ = "slips"
    __table_args__ = (
        one_of("status", SlipStatus),
        one_of("rejection", SlipRejection),
        CheckConstraint("length(original_sha256) = 32", name="sha256_length"),
        CheckConstraint(
            "(sending_bank IS NULL) = (code_digest IS NULL)"
            " AND (sending_bank IS NULL) = (trans_ref_encrypted IS NULL)",
            name="whole_code",
        ),
        CheckConstraint(
            "(status = 'confirmed') = (payment_id IS NOT NULL)", name="confirmed_by_payment"
        ),
        CheckConstraint(
            "(status = 'rejected') = (rejection IS NOT NULL)", name="rejected_with_reason"
        ),
        CheckConstraint(
            "(status = 'waiting') = (decided_at IS NULL)"
            " AND (status = 'waiting') = (decided_by IS NULL)",
            name="decided_by_somebody",
        ),
        UniqueConstraint("pledge_id", "original_sha256", name="uq_slips_pledge_file"),
        UniqueConstraint("document_id", name="uq_slips_document_id"),
        Index(
            "uq_slips_confirmed_code",
            "code_digest",
            unique=True,
            sqlite_where=text(_CONFIRMED),
            postgresql_where=text(_CONFIRMED),
        ),
        Index(
            "uq_slips_confirmed_file",
            "original_sha256",
            unique=True,
            sqlite_where=text(_CONFIRMED),
            postgresql_where=text(_CONFIRMED),
        ),
        Index("uq_slips_payment_id", "payment_id", unique=True),
        Index("ix_slips_code_digest", "code_digest"),
        Index("ix_slips_original_sha256", "original_sha256"),
        Index(
            "ix_slips_waiting",
            "sent_at",
            "id",
            sqlite_where=text(_WAITING),
            postgresql_where=text(_WAITING),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    pledge_id: Mapped[int] = mapped_column(BigInt, ForeignKey("pledges.id"))
    instalment_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("instalments.id"), comment="the one that the page asked to pay"
    )
    document_id: Mapped[int] = mapped_column(BigInt, ForeignKey("documents.id"))
    original_sha256: Mapped[bytes] = mapped_column(Bytes, comment="of the file as received")
    sending_bank: Mapped[str | None] = mapped_column(
        Text, comment="three digits; tmn for TrueMoney"
    )
    trans_ref_encrypted: Mapped[bytes | None] = mapped_column(
        Bytes, comment="the bank's reference of the transfer"
    )
    code_digest: Mapped[bytes | None] = mapped_column(
        Bytes, comment="keyed hash of the bank and its reference: equal for the same transfer"
    )
    status: Mapped[SlipStatus] = mapped_column(Choice(SlipStatus), default=SlipStatus.WAITING)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    payment_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("payments.id"), comment="what was booked when the money arrived"
    )
    rejection: Mapped[SlipRejection | None] = mapped_column(Choice(SlipRejection))
    decided_by: Mapped[str | None] = mapped_column(Text, comment="public id of a user or process")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    pledge: Mapped[Pledge] = relationship()
    instalment: Mapped[Instalment] = relationship()
    document: Mapped[Document] = relationship()
    payment: Mapped[Payment | None] = relationship()
