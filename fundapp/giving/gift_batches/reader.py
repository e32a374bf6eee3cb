"""Opening who gives the gifts of a batch that is not posted; none of it concerns a child."""

import json

from fundapp.children.encryption import decrypt
from fundapp.giving.gift_batches.drafts import Giver
from fundapp.giving.models import GiftBatchRow


def giver_of(row: GiftBatchRow) -> Giver:
    """Who gives it, as it was recorded; once the batch is posted the payment says who, and only the
    amount is left here.
    """
    if row.giver_encrypted is None:
        return Giver(row.amount_satang)
    return Giver(row.amount_satang, **json.loads(decrypt(row, "giver_encrypted")))
