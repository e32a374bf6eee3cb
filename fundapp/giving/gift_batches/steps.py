"""What batches and lists over a bank line do alike."""

from collections.abc import Sequence

from fundapp.access.actors import Actor
from fundapp.db import db
from fundapp.giving.gift_batches.drafts import Giver
from fundapp.giving.models import Donor, TaxDetails
from fundapp.giving.operations import register_donor
from fundapp.giving.receipts.operations import set_tax_details


def donors_of(givers: Sequence[Giver], *, actor: Actor) -> list[Donor | None]:
    """The donor of each giver, in the order given: found again by e-mail address and name, else
    registered; None without a name. A tax number goes onto the donor's receipts unless there is
    one. Raises ForbiddenError.
    """
    donors: list[Donor | None] = []
    for giver in givers:
        if not giver.name:
            donors.append(None)
            continue
        donor = register_donor(giver.name, email=giver.email or None, actor=actor)
        db.session.flush()
        if giver.tax_id and db.session.get(TaxDetails, donor.id) is None:
            set_tax_details(donor.public_id, address="", tax_id=giver.tax_id, actor=actor)
        donors.append(donor)
    return donors
