"""Help in three instalments: the first is paid, what the second waits for is on its way."""

from sqlalchemy import select

from demo.funds import bank_of
from demo.handlers.grants import agree_as_administrators
from demo.handlers.help_requests import verify_bank_details
from demo.proof_images import proof_image
from demo.state import DemoState
from fundapp import clock
from fundapp.aid_plans.drafts import AidRulesDraft, SplitDraft
from fundapp.aid_plans.kinds import aid_rules_subject, aid_rules_values
from fundapp.aid_plans.models import AidTermKind
from fundapp.aid_plans.operations import RULES_TYPE, approve_plan, record_fact, split_request
from fundapp.aid_plans.policy import waiting_version
from fundapp.db import db
from fundapp.disbursements.models import DisbursementRequest, PayoutMethod, RequestStatus
from fundapp.disbursements.operations import record_payout
from fundapp.disbursements.policy import rests_on_consent
from fundapp.documents.intake import accept
from fundapp.ledger.queries import fund_available

_COUNT, _LEAST_PERCENT, _PERCENT = 3, 85, 92


def pay_in_instalments(state: DemoState) -> None:
    """Split the oldest waiting request that its fund can pay three times."""
    waiting = select(DisbursementRequest).where(
        DisbursementRequest.status == RequestStatus.SUBMITTED,
        DisbursementRequest.payout_method != PayoutMethod.CASH,
    )
    for request in db.session.scalars(waiting.order_by(DisbursementRequest.id)):
        is_covered = request.total_satang * _COUNT <= fund_available(request.fund_code)
        if is_covered and not request.approvals and rests_on_consent(request, clock.today()):
            _split(state, request)
            return


def _split(state: DemoState, request: DisbursementRequest) -> None:
    rules = AidRulesDraft(
        request.need, clock.today(), _LEAST_PERCENT, frozenset({AidTermKind.PROOF})
    )
    agree_as_administrators(
        state, RULES_TYPE, aid_rules_subject(rules), dict(aid_rules_values(rules))
    )
    manager = request.requested_by.as_actor()
    draft = SplitDraft(_COUNT, clock.today(), months=1)
    plan = split_request(request.public_id, draft, version=request.version, actor=manager)
    for each in plan.instalments:
        verify_bank_details(state, each.request, each.number)
    approve_plan(plan.public_id, version=waiting_version(plan), actor=state.people.approver(0))
    first, second, *_ = plan.instalments
    record_payout(
        first.request.public_id,
        version=first.request.version,
        paid_on=clock.today(),
        paid_from_account_code=bank_of(request.fund_code).account_code,
        actor=state.people.officer(0),
    )
    record_fact(
        second.request.public_id,
        AidTermKind.ATTENDANCE,
        percent=_PERCENT,
        paper=accept(proof_image("ATTENDANCE")),
        actor=manager,
    )
