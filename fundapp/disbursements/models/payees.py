"""What of the payee of a request stands beside it."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Bytes


class RequestPayee(Base):
    """By what the payee of a request is found again, why it is nobody of the children's files, and
    what of it stands on the voucher.

    Frozen as the request is, but for the words, which can be erased and are part of the request's
    facts. Requests from before version 0061 have no row, those from before 0079 no address and
    number.
    """

    __tablename__ = "request_payees"
    __table_args__ = (
        CheckConstraint("length(name_lookup) = 32", name="name_hashed"),
        Index("ix_request_payees_name_lookup", "name_lookup"),
    )

    id: Mapped[int] = mapped_column(
        BigInt,
        ForeignKey("disbursement_requests.id"),
        primary_key=True,
        autoincrement=False,
        comment="of the request",
    )
    name_lookup: Mapped[bytes] = mapped_column(Bytes, comment="keyed hash of the folded name")
    why_encrypted: Mapped[bytes | None] = mapped_column(
        Bytes, comment="why somebody else takes the money"
    )
    address_encrypted: Mapped[bytes | None] = mapped_column(
        Bytes, comment="of the payee, for the voucher; NULL: written by hand"
    )
    id_number_encrypted: Mapped[bytes | None] = mapped_column(
        Bytes, comment="of the payee, 13 digits, for the voucher; NULL: written by hand"
    )
