"""Sending an approved request back that could not be paid."""

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.disbursements.entry_drafts import REOPENED_MEMO
from fundapp.disbursements.holds import require_no_hold
from fundapp.disbursements.locking import lock_request
from fundapp.disbursements.models import DisbursementRequest
from fundapp.disbursements.policy import may_pay
from fundapp.disbursements.steps import (
    end_receipt_link,
    move_on,
    require_action,
    require_allowed,
)
from fundapp.disbursements.workflow import Action
from fundapp.ledger.operations import reverse_entry
from fundapp.remarks.models import Remark


def reopen_request(
    public_id: str, *, version: int, remark: Remark, actor: Actor
) -> DisbursementRequest:
    """Send an approved request back to who asked, as the bank could not pay it: its expense is
    reversed today, and what is sent in again is approved anew. ``remark`` holds the bank's words.

    Raises NotFoundError, StaleError, ThreePeopleError, NotYoursError, PeriodClosedError, and what
    holds the request elsewhere.
    """
    request, actor = lock_request(public_id, version=version, actor=actor, with_fund=True)
    require_no_hold(request)
    status = require_action(request, Action.REOPEN)
    require_allowed(may_pay(actor, request), actor, request)
    if request.approval_entry_id is not None:
        reverse_entry(
            request.approval_entry_id,
            reason=REOPENED_MEMO,
            digest=remark.digest,
            entry_on=clock.today(),
            actor=actor,
        )
    end_receipt_link(request)
    move_on(request, status, verb="reopen", actor=actor, note=remark.trace)
    return request
