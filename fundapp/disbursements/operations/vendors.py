"""The register of vendors: proposing what is to be in it, and writing what two people agreed."""

from collections.abc import Sequence

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.access.permissions import Permission
from fundapp.db import db
from fundapp.disbursements.drafts import VendorDraft
from fundapp.disbursements.encryption import encrypt_vendor
from fundapp.disbursements.models import Vendor, VendorVersion
from fundapp.disbursements.policy import may_record_vendor
from fundapp.disbursements.queries.vendors import (
    VENDOR,
    find_vendor,
    get_vendor_version,
    list_vendors_of,
)
from fundapp.disbursements.vendor_reader import details_of, name_of
from fundapp.disbursements.vendors import check_vendor_version, checked_vendor
from fundapp.ids import new_id, new_public_id
from fundapp.proposals.errors import NothingProposedError
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations import make_proposal
from fundapp.trail.operations import record_event


def propose_vendor(
    draft: VendorDraft, *, vendor: Vendor | None = None, seen: str | None = None, actor: Actor
) -> Proposal:
    """Write what a vendor, new or of the register, is to be, and propose it: it counts once another
    person has confirmed it.

    Raises ForbiddenError, NothingProposedError, AlreadyProposedError, StaleError, and what
    `checked_vendor` and `check_vendor_version` raise.
    """
    require(actor.can(Permission.HOUSE_PROPOSE))
    draft = checked_vendor(draft)
    if vendor is not None and details_of(vendor.version) == draft:
        raise NothingProposedError
    subject = vendor.public_id if vendor else new_public_id()
    version = VendorVersion(
        id=new_id(),
        public_id=new_public_id(),
        vendor_ref=subject,
        kind=draft.kind,
        districts=f" {' '.join(draft.districts)} " if draft.districts else "",
        ended=draft.ended,
        written_by_id=actor.person_id,
        written_at=clock.now(),
    )
    encrypt_vendor(version, draft)
    check_vendor_version(version)
    db.session.add(version)
    db.session.flush()
    return make_proposal(VENDOR, subject, {"version": version.public_id}, seen=seen, actor=actor)


def record_vendor(proposal: Proposal, *, actor: Actor) -> Vendor:
    """Let what a confirmed proposal says of a vendor count. Raises ForbiddenError, NotFoundError,
    and what `check_vendor_version` raises.
    """
    require(may_record_vendor(actor))
    version = get_vendor_version(proposal.after["version"])
    check_vendor_version(version)
    vendor = find_vendor(proposal.subject)
    if vendor is None:
        vendor = Vendor(id=new_id(), public_id=proposal.subject, tax_lookup=version.tax_lookup)
    vendor.version_id, vendor.proposal_id = version.id, proposal.id
    db.session.add(vendor)
    db.session.flush()
    db.session.expire(vendor, ["version"])
    record_event(
        "disbursements:vendor:record",
        actor=actor,
        subject_type=VENDOR,
        subject_ref=vendor.public_id,
    )
    return vendor


def read_vendors_to_offer(district_code: str, *, actor: Actor) -> Sequence[tuple[str, str]]:
    """Public id and name of the vendors who can be paid in the district, by name; raises
    ForbiddenError.
    """
    require(actor.can(Permission.VENDOR_READ))
    named = [(each.public_id, name_of(each.version)) for each in list_vendors_of(district_code)]
    return sorted(named, key=lambda each: each[1])
