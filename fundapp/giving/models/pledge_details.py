"""What few donors say with a pledge: in whose honour it is, and who pays in their place."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Bytes


class PledgeDetails(Base):
    """The row of a pledge of which any of this was said; ``id`` is the pledge's. Opened by
    `fundapp.giving.reader`.
    """

    __tablename__ = "pledge_details"

    id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("pledges.id"), primary_key=True, autoincrement=False
    )
    in_honour_of_encrypted: Mapped[bytes] = mapped_column(Bytes)
    payer_name_encrypted: Mapped[bytes] = mapped_column(
        Bytes, comment="the name that the bank shows when another pays; empty: the donor pays"
    )
