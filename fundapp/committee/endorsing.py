"""What the committee wants before a request is approved, and what an approval cites of it."""

from fundapp import clock
from fundapp.committee.errors import CommitteeRefusedError, NeedsResolutionError
from fundapp.committee.models import Outcome, ResolutionCitation
from fundapp.committee.queries import find_binding, find_resolution, find_rule
from fundapp.db import db
from fundapp.disbursements.models import Approval, DisbursementRequest
from fundapp.errors import DomainError
from fundapp.money import format_baht


def amount_of_rule(request: DisbursementRequest) -> int | None:
    """From which amount (satang) on the rule of today wants a resolution, when it wants one on this
    request; else None.
    """
    rule = find_rule(clock.today())
    is_needed = rule is not None and request.total_satang >= rule.from_satang
    return rule.from_satang if rule is not None and is_needed else None


def find_refusal(request: DisbursementRequest) -> DomainError | None:
    """What an approval of the request lacks: a resolution on the very facts that are stored."""
    resolution = find_binding(request)
    if resolution is not None and resolution.outcome is Outcome.REJECT:
        return CommitteeRefusedError(params={"number": resolution.label})
    amount = amount_of_rule(request)
    if resolution is None and amount is not None:
        return NeedsResolutionError(params={"amount": format_baht(amount)})
    return None


def cite_resolution(approval: Approval) -> None:
    """Write on which resolution the approval rests, if the committee approved the request."""
    request = db.session.get_one(DisbursementRequest, approval.request_id)
    resolution = find_binding(request)
    if resolution is not None and resolution.outcome is Outcome.APPROVE:
        db.session.add(ResolutionCitation(approval_id=approval.id, item_id=resolution.item_id))
        db.session.flush()


def cited_number(request: DisbursementRequest) -> str | None:
    """The number of the resolution that approves the request as it is, or None."""
    resolution = find_resolution(request)
    return resolution.label if resolution is not None and resolution.approves else None
