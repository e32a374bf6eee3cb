"""Opening who gives the gifts of a batch that is not posted; none of it concerns a child."""

import json

from fundapp.children.encryption import decrypt
from fundapp.giving.gift_batches.drafts import Giver, RowDraft
from fundapp.giving.models import GiftBatchRow


def giver_of(row: GiftBatchRow) -> Giver:
    """Who gives it, as it was recorded; once the batch is posted the payment says who, and only the
    amount is left here.
    """
    said = _said(row)
    said.pop("form", None)
    return Giver(row.amount_satang, **said)


def draft_of(row: GiftBatchRow) -> RowDraft:
    """The row as it was recorded."""
    return RowDraft(giver_of(row), row.donor_id, row.reference or "")


def form_of(row: GiftBatchRow) -> str:
    """The id of the form that it was sent with; empty once the batch is posted."""
    return _said(row).get("form", "")


def _said(row: GiftBatchRow) -> dict[str, str]:
    said: dict[str, str] = {}
    if row.giver_encrypted is not None:
        said = json.loads(decrypt(row, "giver_encrypted"))
    return said
