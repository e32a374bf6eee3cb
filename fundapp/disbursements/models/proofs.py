"""Papers that prove that help arrived, filed on a request."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Bytes, Choice, Day, UtcDateTime, one_of
from fundapp.disbursements.models.requests import ReceiptOutcome
from fundapp.identity.models import User
from fundapp.ids import new_id


class ProofOfReceipt(Base):
    """What the guardian or school says of the money, with the signed paper as a document."""

    __tablename__ = "proofs"
    __table_args__ = (
        one_of("outcome", ReceiptOutcome),
        CheckConstraint(
            "outcome = 'received' OR note_encrypted IS NOT NULL", name="problem_is_told"
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    request_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("disbursement_requests.id"), index=True
    )
    outcome: Mapped[ReceiptOutcome] = mapped_column(Choice(ReceiptOutcome))
    confirmed_on: Mapped[date] = mapped_column(Day)
    confirmed_by_encrypted: Mapped[bytes] = mapped_column(Bytes, comment="name of who confirmed")
    note_encrypted: Mapped[bytes | None] = mapped_column(Bytes)
    document_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("documents.id"))
    filed_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    filed_by: Mapped[User] = relationship(lazy="joined")
