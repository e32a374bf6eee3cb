"""The address and tax number that a donor wants on receipts."""

from fundapp.access.actors import Actor, require
from fundapp.children.encryption import encrypt
from fundapp.db import db
from fundapp.giving.errors import UnknownDonorError
from fundapp.giving.locking import lock_donor
from fundapp.giving.models import Donor, DonorMerge, TaxDetails
from fundapp.giving.policy import may_set_tax_details
from fundapp.trail.operations import record_event


def set_tax_details(public_id: str, *, address: str, tax_id: str, actor: Actor) -> None:
    """Let receipts of the donor that are issued from now on carry this address and tax number; one
    that is empty is left out. Those that were issued stay. Of a donor that was merged it is kept
    with the donor that it was merged into.

    Raises ForbiddenError, NotFoundError, and UnknownDonorError for the row of everybody who gave
    without a name.
    """
    require(may_set_tax_details(actor))
    donor = lock_donor(public_id)
    if donor.is_unknown:
        raise UnknownDonorError
    merge = db.session.get(DonorMerge, donor.id)
    donor = donor if merge is None else db.session.get_one(Donor, merge.into_id)
    row = db.session.get(TaxDetails, donor.id) or TaxDetails(id=donor.id)
    row.address_encrypted = encrypt(TaxDetails, "address_encrypted", donor.id, address)
    row.tax_id_encrypted = encrypt(TaxDetails, "tax_id_encrypted", donor.id, tax_id)
    db.session.add(row)
    record_event(
        "giving:donor:tax-details", actor=actor, subject_type="donor", subject_ref=donor.public_id
    )
    db.session.flush()
