"""The register of vendors, and the vendors whom requests name. Nothing is decrypted."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import case, exists, or_, select
from sqlalchemy.orm import aliased, joinedload

from fundapp.db import db
from fundapp.disbursements.models import (
    DisbursementRequest,
    PayeeDigest,
    PayeeKind,
    RequestVendor,
    StaffAccount,
    Vendor,
    VendorVersion,
)
from fundapp.disbursements.queries.account_checks import AccountWarning
from fundapp.errors import NotFoundError
from fundapp.proposals.models import Proposal

#: The kind of a proposal of a vendor.
VENDOR = "vendor"
#: Proposals of one vendor that its page tells.
_HISTORY = 50


def list_vendors() -> Sequence[Vendor]:
    """Every vendor, the newest first: a fund has some dozens."""
    return db.session.scalars(select(Vendor).order_by(Vendor.id.desc())).all()


def list_vendors_of(district_code: str) -> list[Vendor]:
    """Those that are open and supply the district."""
    return [vendor for vendor in list_vendors() if vendor.version.supplies(district_code)]


def find_vendor(public_id: str) -> Vendor | None:
    """The vendor of this public id."""
    return db.session.scalar(select(Vendor).where(Vendor.public_id == public_id))


def vendors_of(public_ids: Iterable[str]) -> dict[str, Vendor]:
    """Vendors by public id, for what they are called; ids that are no vendor's are left out."""
    statement = select(Vendor).where(Vendor.public_id.in_(set(public_ids)))
    vendors = db.session.scalars(statement.options(joinedload(Vendor.version).lazyload("*")))
    return {vendor.public_id: vendor for vendor in vendors}


def get_vendor(public_id: str) -> Vendor:
    """As `find_vendor`; NotFoundError."""
    vendor = find_vendor(public_id)
    if vendor is None:
        raise NotFoundError
    return vendor


def find_vendor_of_tax_id(tax_lookup: bytes) -> Vendor | None:
    """The vendor with the tax id of this hash."""
    return db.session.scalar(select(Vendor).where(Vendor.tax_lookup == tax_lookup))


def get_vendor_version(public_id: str) -> VendorVersion:
    """What was written of a vendor, also what nobody has confirmed; NotFoundError."""
    wanted = select(VendorVersion).where(VendorVersion.public_id == public_id)
    version: VendorVersion | None = db.session.scalar(wanted)
    if version is None:
        raise NotFoundError
    return version


def vendor_versions_of(public_ids: Iterable[str]) -> dict[str, VendorVersion]:
    """The same of several, by public id, each with who wrote it."""
    statement = select(VendorVersion).where(VendorVersion.public_id.in_(set(public_ids)))
    writer = joinedload(VendorVersion.writer).lazyload("*")
    return {found.public_id: found for found in db.session.scalars(statement.options(writer))}


def list_vendor_proposals(public_id: str) -> Sequence[Proposal]:
    """What was proposed of a vendor, the newest first."""
    statement = select(Proposal).where(Proposal.kind == VENDOR, Proposal.subject == public_id)
    return db.session.scalars(statement.order_by(Proposal.id.desc()).limit(_HISTORY)).all()


def version_paid(request: DisbursementRequest) -> VendorVersion | None:
    """What the vendor was like whom the request pays; None where it pays none."""
    if request.payee_kind is not PayeeKind.VENDOR:
        return None
    named = db.session.get(RequestVendor, request.id)
    return named.version if named else None


def is_vendor_as_now(request: DisbursementRequest) -> bool:
    """Whether the vendor whom the request pays is in the register as it was when the request was
    sent in, open, and of its district.
    """
    version = version_paid(request)
    if version is None or not version.supplies(request.district_code):
        return False
    current = select(Vendor.id).where(Vendor.version_id == version.id)
    return db.session.scalar(current) is not None


def find_vendor_warnings(payee_lookups: Mapping[int, bytes]) -> dict[int, list[AccountWarning]]:
    """What speaks against versions of vendors, given by their row ids with the hashes of their
    names: the account, or the PromptPay number that the tax id can be, is one of somebody who works
    for the fund; the account was given for a vendor or payee of another name.
    """
    if not payee_lookups:
        return {}
    written, other = VendorVersion, aliased(VendorVersion)
    hashes = (written.account_lookup, written.tax_lookup)
    of_staff = exists().where(StaffAccount.account_lookup.in_(hashes))
    other_vendor = select(Vendor.id).join(other, other.id == Vendor.version_id)
    shared = or_(
        other_vendor.where(
            other.account_lookup == written.account_lookup, other.vendor_ref != written.vendor_ref
        ).exists(),
        exists().where(
            PayeeDigest.account_lookup == written.account_lookup,
            PayeeDigest.payee_lookup != case(dict(payee_lookups), value=written.id),
        ),
    )
    statement = select(written.id, of_staff, shared).where(written.id.in_(payee_lookups))
    return {
        version_id: [
            warning
            for warning, holds in ((AccountWarning.STAFF, staff), (AccountWarning.SHARED, others))
            if holds
        ]
        for version_id, staff, others in db.session.execute(statement)
    }
