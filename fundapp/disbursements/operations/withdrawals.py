"""Telling approvers and payers that a consent was withdrawn on which their requests rest."""

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.access.permissions import Role
from fundapp.children.models import Child, Consent
from fundapp.children.policy import may_register
from fundapp.disbursements.emails import consent_withdrawn
from fundapp.disbursements.models import DisbursementRequest, RequestStatus
from fundapp.disbursements.policy import may_decide, may_pay, rests_on_consent
from fundapp.disbursements.queries import list_open_requests_of
from fundapp.identity.models import User
from fundapp.identity.queries import list_people
from fundapp.mail.operations import queue_message


def tell_of_withdrawal(child: Child, consent: Consent, *, actor: Actor) -> None:
    """Queue a message without names to everybody who decides on, pays or decided on or paid a
    request in work that rested on the withdrawn consent.

    A request for which other consents still count is left out. Raises ForbiddenError.
    """
    require(may_register(actor, child.district_code))
    day = clock.today()
    for request in list_open_requests_of(child):
        if not rests_on_consent(request, day):
            for user in _concerned(request):
                queue_message(consent_withdrawn(request, user), actor=actor)


def _concerned(request: DisbursementRequest) -> list[User]:
    """The approver and the payer of a request, or who may become one, each once."""
    people = list_people(Role.APPROVER, Role.FUND_OFFICER)
    done = {approval.approver_id for approval in request.approvals}
    done |= {payout.payer_id for payout in request.payouts}
    return [user for user in people if user.id in done or _is_next(request, user)]


def _is_next(request: DisbursementRequest, user: User) -> bool:
    if request.status is RequestStatus.SUBMITTED:
        return may_decide(user.as_actor(), request)
    return request.status is RequestStatus.APPROVED and may_pay(user.as_actor(), request)
