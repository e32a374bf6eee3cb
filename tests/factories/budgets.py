"""Transfers between funds for tests, proposed and confirmed as on the pages."""

from fundapp.budgets.drafts import TransferDraft
from fundapp.budgets.kinds import FUND_TRANSFER, transfer_subject, transfer_values
from fundapp.budgets.models import TransferReason
from fundapp.budgets.operations import SOURCE_TYPE
from fundapp.budgets.queries import get_transfer_rule
from fundapp.db import unit_of_work
from fundapp.documents.intake import accept
from fundapp.documents.operations import store_document
from fundapp.ids import new_public_id
from fundapp.ledger import chart
from tests.documents.pictures import picture
from tests.factories.actors import OFFICER
from tests.factories.books import make_fund
from tests.factories.identity import agree


def make_transfer(satang: int = 100, taker: str = "TAKER") -> None:
    """Money that GENERAL gives a new fund; it must hold so much in the main account."""
    make_fund(taker)
    if not get_transfer_rule("GENERAL").gives:
        agree("fund-transfer-rule", "GENERAL", {"gives": True, "takes": True})
    agree("fund-transfer-rule", taker, {"gives": False, "takes": True})
    stored = unit_of_work(
        store_document,
        accept(picture(), None),
        subject_type=SOURCE_TYPE,
        subject_ref=new_public_id(),
        actor=OFFICER,
    )
    reason, paper = TransferReason.RESOLUTION, stored.document.public_id
    draft = TransferDraft("GENERAL", taker, chart.BANK_MAIN, satang, reason, paper)
    agree(FUND_TRANSFER, transfer_subject("GENERAL", taker), dict(transfer_values(draft)))
