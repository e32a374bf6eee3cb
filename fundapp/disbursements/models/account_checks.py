"""Bank details of payees that somebody verified; ``sql/*/keep_account_checks.sql`` keeps them.

What it is for, and why before the approval: docs/decisions/0030-bank-details.md.
"""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Bytes, Choice, Day, UtcDateTime, one_of
from fundapp.identity.models import User
from fundapp.ids import new_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class AccountAnswer(LabelledEnum):
    """What somebody found of the bank details of a payee."""

    MATCHES = "matches", N_("The account belongs to the payee"), "good"
    DIFFERS = "differs", N_("The account does not belong to the payee"), "bad"


class CheckedBy(LabelledEnum):
    """By what bank details were verified. Of an earlier request: the program alone notes that."""

    BOOK = "book", N_("Copy of the bank book seen")
    BANK = "bank", N_("Name that the bank or PromptPay shows for the account")
    CALL = "call", N_("Call to the payee, at a number that is on file")
    LETTER = "letter", N_("Letter of the school or of the bank")
    EARLIER = "earlier", N_("Verified for an earlier request of the same payee and account")


class AccountCheck(Base):
    """Somebody compared the bank details of a request with the payee; of several of one request
    the last counts, and only for the facts that it names. Append-only by trigger.
    """

    __tablename__ = "account_checks"
    __table_args__ = (
        one_of("answer", AccountAnswer),
        one_of("checked_by", CheckedBy),
        ForeignKeyConstraint(
            ["request_id", "requested_by_id"],
            ["disbursement_requests.id", "disbursement_requests.requested_by_id"],
            name="fk_account_checks_asker",
        ),
        ForeignKeyConstraint(
            ["earlier_id", "checked_by_id"],
            ["account_checks.id", "account_checks.checked_by_id"],
            name="fk_account_checks_earlier",
        ),
        UniqueConstraint("id", "checked_by_id", name="uq_account_checks_person"),
        UniqueConstraint("request_id", "number", name="uq_account_checks_number"),
        CheckConstraint("checked_by_id <> requested_by_id", name="two_people"),
        CheckConstraint("length(facts_sha256) = 32", name="facts_hashed"),
        CheckConstraint(
            "(checked_by = 'earlier') = (earlier_id IS NOT NULL)"
            " AND (earlier_id IS NULL OR answer = 'matches')",
            name="earlier_matches",
        ),
        CheckConstraint(
            "answer = 'matches' OR words_digest IS NOT NULL", name="difference_has_words"
        ),
        CheckConstraint("words_digest IS NULL OR length(words_digest) = 32", name="words_hashed"),
        Index("ix_account_checks_earlier_id", "earlier_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    request_id: Mapped[int] = mapped_column(BigInt)
    number: Mapped[int] = mapped_column(BigInt, comment="of the request: 1, 2, …")
    requested_by_id: Mapped[int] = mapped_column(BigInt)
    facts_sha256: Mapped[bytes] = mapped_column(Bytes, comment="of the request, as it was shown")
    answer: Mapped[AccountAnswer] = mapped_column(Choice(AccountAnswer))
    checked_by: Mapped[CheckedBy] = mapped_column(Choice(CheckedBy))
    earlier_id: Mapped[int | None] = mapped_column(BigInt, comment="the check that is used again")
    words_digest: Mapped[bytes | None] = mapped_column(
        Bytes, comment="of the words, which are a remark"
    )
    checked_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)

    checker: Mapped[User] = relationship(lazy="joined", foreign_keys=[checked_by_id])


class AccountCheckRule(Base):
    """From a day on (UTC), for how many days a verified account is used again for the same payee on
    file; append-only by trigger. A migration adds rows.
    """

    __tablename__ = "account_check_rules"
    __table_args__ = (CheckConstraint("reuse_days >= 0", name="days_counted"),)

    starts_on: Mapped[date] = mapped_column(Day, primary_key=True)
    reuse_days: Mapped[int] = mapped_column(BigInt)


class RequestBeforeChecks(Base):
    """A request whose money was at the bank before bank details had to be verified. The migration
    that brought the rule wrote the rows; none is added.
    """

    __tablename__ = "requests_before_checks"

    request_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("disbursement_requests.id"), primary_key=True, autoincrement=False
    )
