"""What a request leaves in the books. Memos are message ids, translated where the books are
shown.
"""

from datetime import date

from fundapp.disbursements.models import Approval, DisbursementRequest, Need
from fundapp.identity.models import User
from fundapp.ledger import chart
from fundapp.ledger.drafts import Draft, Line
from fundapp.ledger.models import EntryKind
from fundapp.markers import N_

APPROVED_MEMO = N_("Help for children approved")
PAID_MEMO = N_("Help for children paid")
CANCELLED_MEMO = N_("Approved help cancelled before it was paid")

SOURCE_TYPE = "disbursement_request"

EXPENSE_ACCOUNTS = {
    Need.LIVING: chart.ASSISTANCE_LIVING,
    Need.EDUCATION: chart.ASSISTANCE_EDUCATION,
    Need.TRAVEL: chart.ASSISTANCE_TRAVEL,
    Need.HEALTH: chart.ASSISTANCE_HEALTH,
    Need.FOOD: chart.ASSISTANCE_FOOD,
}


def approval_entry(request: DisbursementRequest, *, checker: User, entry_on: date) -> Draft:
    """Approving is spending: the expense, and what the fund owes from now on."""
    return Draft(
        kind=EntryKind.ASSISTANCE_APPROVED,
        entry_on=entry_on,
        memo=APPROVED_MEMO,
        lines=[
            Line(
                request.fund_code,
                EXPENSE_ACCOUNTS[request.need],
                chart.ASSISTANCE_PAYABLE,
                request.total_satang,
            )
        ],
        source_type=SOURCE_TYPE,
        source_ref=request.public_id,
        maker=request.requested_by.public_id,
        checker=checker.public_id,
        idempotency_key=f"disbursements:approve:{request.public_id}:{request.version}",
    )


def payout_entry(
    request: DisbursementRequest,
    approval: Approval,
    *,
    payer: User,
    paid_on: date,
    paid_from: str,
) -> Draft:
    """Paying settles what the fund owes; it spends nothing more."""
    return Draft(
        kind=EntryKind.ASSISTANCE_PAID,
        entry_on=paid_on,
        memo=PAID_MEMO,
        lines=[Line(request.fund_code, chart.ASSISTANCE_PAYABLE, paid_from, request.total_satang)],
        source_type=SOURCE_TYPE,
        source_ref=request.public_id,
        maker=payer.public_id,
        checker=approval.approver.public_id,
        idempotency_key=f"disbursements:pay:{request.public_id}",
    )
