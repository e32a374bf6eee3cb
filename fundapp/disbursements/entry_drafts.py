"""The entries of a request in the books. Memos are message ids, translated where they are shown."""

from datetime import date

from fundapp.access.actors import Actor
from fundapp.disbursements.models import Approval, DisbursementRequest, Need, Payout
from fundapp.ledger import chart
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.models import EntryKind
from fundapp.markers import N_

APPROVED_MEMO = N_("Help for children approved")
PAID_MEMO = N_("Help for children paid")
CANCELLED_MEMO = N_("Approved help cancelled before it was paid")
REOPENED_MEMO = N_("Approved help that the bank could not pay")

CAME_BACK_MEMO = N_("Help for children that was paid and came back")
SHARE_BACK_MEMO = N_("Part of help for children that was paid and came back")

SOURCE_TYPE = "disbursement_request"

EXPENSE_ACCOUNTS = {
    Need.LIVING: chart.ASSISTANCE_LIVING,
    Need.EDUCATION: chart.ASSISTANCE_EDUCATION,
    Need.TRAVEL: chart.ASSISTANCE_TRAVEL,
    Need.HEALTH: chart.ASSISTANCE_HEALTH,
    Need.FOOD: chart.ASSISTANCE_FOOD,
}


def approval_entry(request: DisbursementRequest, *, checker: Actor, entry_on: date) -> EntryDraft:
    """Approving books the expense, and what the fund owes from then on."""
    return EntryDraft(
        kind=EntryKind.ASSISTANCE_APPROVED,
        entry_on=entry_on,
        memo=APPROVED_MEMO,
        postings=[
            PostingDraft(
                request.fund_code,
                EXPENSE_ACCOUNTS[request.need],
                chart.ASSISTANCE_PAYABLE,
                request.total_satang,
            )
        ],
        source_type=SOURCE_TYPE,
        source_ref=request.public_id,
        maker=request.requested_by.public_id,
        checker=checker.ref,
        idempotency_key=f"disbursements:approve:{request.public_id}:{request.version}",
    )


def payout_entry(
    request: DisbursementRequest,
    approval: Approval,
    *,
    payer: Actor,
    paid_on: date,
    paid_from: str,
) -> EntryDraft:
    """Paying settles what the fund owes; it is no further expense. After an earlier payment came
    back it is an entry of its own.
    """
    attempt = len(request.payouts) + 1
    key = f"disbursements:pay:{request.public_id}"
    return EntryDraft(
        kind=EntryKind.ASSISTANCE_PAID,
        entry_on=paid_on,
        memo=PAID_MEMO,
        postings=[
            PostingDraft(
                request.fund_code, chart.ASSISTANCE_PAYABLE, paid_from, request.total_satang
            )
        ],
        source_type=SOURCE_TYPE,
        source_ref=request.public_id,
        maker=payer.ref,
        checker=approval.approver.public_id,
        idempotency_key=key if attempt == 1 else f"{key}:{attempt}",
    )


def share_back_entry(
    request: DisbursementRequest,
    payout: Payout,
    satang: int,
    *,
    number: int,
    entry_on: date,
    private: str,
    actor: Actor,
) -> EntryDraft:
    """A part of paid help is in the account again from which it was paid: less expense, of the same
    fund. ``number`` tells the returns of a payment apart.
    """
    return EntryDraft(
        kind=EntryKind.ASSISTANCE_RETURNED,
        entry_on=entry_on,
        memo=SHARE_BACK_MEMO,
        postings=[
            PostingDraft(
                request.fund_code,
                payout.paid_from_account_code,
                EXPENSE_ACCOUNTS[request.need],
                satang,
            )
        ],
        source_type=SOURCE_TYPE,
        source_ref=request.public_id,
        maker=actor.ref,
        private=private,
        idempotency_key=f"disbursements:share-back:{payout.public_id}:{number}",
    )
