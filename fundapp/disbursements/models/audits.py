"""Payees and accounts of money out as keyed hashes, and the names that auditors opened."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Bytes, Day, UtcDateTime
from fundapp.identity.models import User
from fundapp.ids import new_id


class PayeeDigest(Base):
    """Keyed hashes by which equal payees and equal accounts of requests are noticed, without the
    name or the number. Their key is the database's own and never changes, so no rotation of field
    keys touches them. They become those of nobody when the payee is erased.
    """

    __tablename__ = "payee_digests"
    __table_args__ = (
        CheckConstraint("length(payee_lookup) = 32", name="payee_hashed"),
        CheckConstraint("length(account_lookup) = 32", name="account_hashed"),
        Index("ix_payee_digests_account", "account_lookup", "payee_lookup", "request_id"),
    )

    request_id: Mapped[int] = mapped_column(
        BigInt,
        ForeignKey("disbursement_requests.id"),
        primary_key=True,
        autoincrement=False,
    )
    payee_lookup: Mapped[bytes] = mapped_column(Bytes, comment="of the folded name")
    account_lookup: Mapped[bytes | None] = mapped_column(
        Bytes, comment="of bank and number; NULL for cash"
    )


class StaffAccount(Base):
    """An account of somebody who works for the fund, as a keyed hash alone: only that a payee has
    the same one is ever noticed. Rules: ``sql/*/keep_staff_accounts.sql``.
    """

    __tablename__ = "staff_accounts"
    __table_args__ = (
        CheckConstraint("length(account_lookup) = 32", name="account_hashed"),
        UniqueConstraint("account_lookup", "user_id", name="uq_staff_accounts_person"),
        Index("ix_staff_accounts_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    account_lookup: Mapped[bytes] = mapped_column(Bytes, comment="as in payee_digests")
    noted_by: Mapped[str] = mapped_column(Text, comment="public id of the administrator")
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RequestOpening(Base):
    """An auditor's reason for seeing whom a request names; it counts until a day. Rules:
    ``sql/*/keep_request_openings.sql``.
    """

    __tablename__ = "request_openings"
    __table_args__ = (
        CheckConstraint("length(reason_digest) = 32", name="reason_hashed"),
        CheckConstraint("ends_on >= opened_on", name="days_in_order"),
        Index("ix_request_openings_request", "request_id", "opened_by_id", "ends_on"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    request_id: Mapped[int] = mapped_column(BigInt, ForeignKey("disbursement_requests.id"))
    opened_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    reason_digest: Mapped[bytes] = mapped_column(Bytes, comment="of a remark")
    opened_on: Mapped[date] = mapped_column(Day)
    ends_on: Mapped[date] = mapped_column(Day, comment="the last day")
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)

    opened_by: Mapped[User] = relationship(lazy="joined")
