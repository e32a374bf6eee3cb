"""The register of vendors, and the vendor whom a request names. What says who a vendor is stands
encrypted in versions that are never changed; two people agree on each (``sql/*/keep_vendors.sql``).
"""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Bytes, Choice, UtcDateTime, one_of
from fundapp.identity.models import User
from fundapp.ids import new_id, new_public_id, readable
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class VendorKind(LabelledEnum):
    """What a vendor is."""

    SHOP = "shop", N_("Shop or company")
    PERSON = "person", N_("Person")


class VendorEnd(LabelledEnum):
    """Why a vendor is closed: no help is paid to it."""

    STOPPED = "stopped", N_("Closed: it does not sell this any more"), "neutral"
    UNNEEDED = "unneeded", N_("Closed: the fund does not need it any more"), "neutral"
    POOR = "poor", N_("Closed: what it supplied was not as agreed"), "warn"
    DOUBTED = "doubted", N_("Closed: its bills or details are doubted"), "bad"


class VendorVersion(Base):
    """What somebody wrote of a vendor, as a whole; nobody changes it. It counts once another
    person has confirmed it: then `Vendor` names it.
    """

    __tablename__ = "vendor_versions"
    __table_args__ = (
        one_of("kind", VendorKind),
        one_of("ended", VendorEnd),
        CheckConstraint("length(tax_lookup) = 32", name="tax_hashed"),
        CheckConstraint("length(account_lookup) = 32", name="account_hashed"),
        CheckConstraint("districts = '' OR districts LIKE ' % '", name="districts_between_spaces"),
        UniqueConstraint("id", "vendor_ref", "tax_lookup", name="uq_vendor_versions_vendor"),
        Index("ix_vendor_versions_account_lookup", "account_lookup"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    vendor_ref: Mapped[str] = mapped_column(
        Text, comment="public id of the vendor, also of a new one"
    )
    kind: Mapped[VendorKind] = mapped_column(Choice(VendorKind))
    name_encrypted: Mapped[bytes] = mapped_column(Bytes)
    tax_id_encrypted: Mapped[bytes] = mapped_column(Bytes, comment="13 digits")
    address_encrypted: Mapped[bytes] = mapped_column(Bytes)
    phone_encrypted: Mapped[bytes] = mapped_column(Bytes)
    account_encrypted: Mapped[bytes] = mapped_column(Bytes, comment="bank or PromptPay, and number")
    account_name_encrypted: Mapped[bytes] = mapped_column(Bytes, comment="as in the bank book")
    districts: Mapped[str] = mapped_column(
        Text, comment="codes in order, between spaces; empty: the whole province"
    )
    ended: Mapped[VendorEnd | None] = mapped_column(
        Choice(VendorEnd), comment="why it is closed; NULL: it is not"
    )
    tax_lookup: Mapped[bytes] = mapped_column(
        Bytes, comment="keyed hash of the tax id, as of a PromptPay number"
    )
    account_lookup: Mapped[bytes] = mapped_column(Bytes, comment="as in payee_digests")
    written_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    writer: Mapped[User] = relationship(lazy="joined")

    @property
    def district_codes(self) -> list[str]:
        """The districts that it supplies; none: all of them."""
        return self.districts.split()

    def supplies(self, district_code: str) -> bool:
        """Whether help in the district is paid to it."""
        return self.ended is None and (not self.districts or district_code in self.district_codes)


class Vendor(Base):
    """A vendor, and the version of it that two people agreed on last."""

    __tablename__ = "vendors"
    __table_args__ = (
        ForeignKeyConstraint(
            ["version_id", "public_id", "tax_lookup"],
            ["vendor_versions.id", "vendor_versions.vendor_ref", "vendor_versions.tax_lookup"],
            name="fk_vendors_version_id",
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True)
    tax_lookup: Mapped[bytes] = mapped_column(
        Bytes, unique=True, comment="of its tax id, which stays"
    )
    version_id: Mapped[int] = mapped_column(BigInt, unique=True, comment="what counts now")
    proposal_id: Mapped[int] = mapped_column(BigInt, ForeignKey("proposals.id"), unique=True)

    version: Mapped[VendorVersion] = relationship(
        lazy="joined",
        primaryjoin="foreign(Vendor.version_id) == VendorVersion.id",
        viewonly=True,
    )

    @property
    def number(self) -> str:
        """By what people call it where its name is not shown (VN…)."""
        return readable(self.id, "VN")


class RequestVendor(Base):
    """The vendor who takes the money of a request, as it was when the request was sent in. Frozen
    as the request is; it means nothing where the request names another kind of payee by now.
    """

    __tablename__ = "request_vendors"
    __table_args__ = (Index("ix_request_vendors_version_id", "version_id"),)

    request_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("disbursement_requests.id"), primary_key=True, autoincrement=False
    )
    version_id: Mapped[int] = mapped_column(BigInt, ForeignKey("vendor_versions.id"))

    version: Mapped[VendorVersion] = relationship(lazy="joined")
