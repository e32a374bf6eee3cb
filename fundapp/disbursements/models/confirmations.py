"""Links by which a guardian or school answers without an account, and what they answered.

``fundapp/disbursements/sql/*/keep_receipt_links.sql`` keeps both as they are.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Bytes, Choice, UtcDateTime, one_of
from fundapp.disbursements.models.requests import ReceiptOutcome
from fundapp.identity.models import User
from fundapp.ids import new_id


class ReceiptLink(Base):
    """The link on one print of a voucher. Of a request the newest is open; who asked prints none.

    ``ended_at``: when it was answered, or a newer voucher was printed.
    """

    __tablename__ = "receipt_links"
    __table_args__ = (
        ForeignKeyConstraint(
            ["request_id", "requested_by_id"],
            ["disbursement_requests.id", "disbursement_requests.requested_by_id"],
            name="fk_receipt_links_asker",
        ),
        CheckConstraint("printed_by_id <> requested_by_id", name="two_people"),
        CheckConstraint("length(token_sha256) = 32", name="token_hashed"),
        CheckConstraint("expires_at > printed_at", name="expires_later"),
        UniqueConstraint("id", "request_id", name="uq_receipt_links_request"),
        Index(
            "uq_receipt_links_open",
            "request_id",
            unique=True,
            sqlite_where=sql_text("ended_at IS NULL"),
            postgresql_where=sql_text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    request_id: Mapped[int] = mapped_column(BigInt)
    requested_by_id: Mapped[int] = mapped_column(BigInt)
    token_sha256: Mapped[bytes] = mapped_column(Bytes, unique=True)
    printed_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    printed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    printed_by: Mapped[User] = relationship(lazy="joined")

    def is_open(self, now: datetime) -> bool:
        """Whether it can be answered."""
        return self.ended_at is None and now <= self.expires_at


class ReceiptConfirmation(Base):
    """What a guardian or school said of the money by a link, once: the row has the link's id."""

    __tablename__ = "receipt_confirmations"
    __table_args__ = (
        one_of("outcome", ReceiptOutcome),
        CheckConstraint(
            "outcome = 'received' OR note_encrypted IS NOT NULL", name="problem_is_told"
        ),
        ForeignKeyConstraint(
            ["id", "request_id"],
            ["receipt_links.id", "receipt_links.request_id"],
            name="fk_receipt_confirmations_link",
        ),
        Index("ix_receipt_confirmations_request_id", "request_id"),
    )

    id: Mapped[int] = mapped_column(
        BigInt, primary_key=True, autoincrement=False, comment="of the link"
    )
    request_id: Mapped[int] = mapped_column(BigInt, ForeignKey("disbursement_requests.id"))
    outcome: Mapped[ReceiptOutcome] = mapped_column(Choice(ReceiptOutcome))
    note_encrypted: Mapped[bytes | None] = mapped_column(Bytes)
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    link: Mapped[ReceiptLink] = relationship(
        lazy="joined",
        primaryjoin="ReceiptConfirmation.id == ReceiptLink.id",
        foreign_keys=[id],
        viewonly=True,
    )
