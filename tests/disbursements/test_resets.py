"""Two whom one administrator reset on paper are not two of the three people for a week."""

from datetime import timedelta

import pytest

from fundapp.access.permissions import Role
from fundapp.db import unit_of_work
from fundapp.disbursements.errors import ResetTogetherError
from fundapp.disbursements.models import Decision, RequestStatus
from fundapp.identity import operations
from fundapp.identity.models import Delivery
from tests.factories.actors import COMMAND_LINE, VISITOR
from tests.factories.disbursements import decide, make_approved, make_request, make_team, pay
from tests.factories.identity import make_user, sign_in

PASSWORD = "durian ferry 17 umbrella"


def administrator():
    return make_user(Role.ADMINISTRATOR).as_actor()


def reset(user, maker, second=None, delivery=Delivery.PAPER):
    """Reset a person, who chooses a password again and sets nothing else up."""
    second, sheet = second or administrator(), ""
    ref = user.public_id
    code = unit_of_work(operations.reset_sign_in, ref, delivery=delivery, actor=maker)
    if delivery is Delivery.PAPER and maker.user_id is not None:
        sheet = unit_of_work(operations.print_second_sheet, ref, actor=second)
    unit_of_work(
        operations.accept_invitation, code, password=PASSWORD, second_code=sheet, actor=VISITOR
    )


@pytest.mark.one_case
@pytest.mark.parametrize("is_first_printer", [True, False])
def test_asking_and_approving_after_resets_by_one_administrator(session, clock, is_first_printer):
    team, one = make_team(), administrator()
    for user in (team.asker, team.approver):
        makers = (one, None) if is_first_printer else (administrator(), one)
        reset(user, *makers)
    request = make_request(team)
    with pytest.raises(ResetTogetherError):
        decide(request, team)
    clock.shift(timedelta(days=7))
    assert decide(request, team).status is RequestStatus.APPROVED


def test_returning_and_rejecting_stay_possible(session, clock):
    team, one = make_team(), administrator()
    for user in (team.asker, team.approver):
        reset(user, one)
    assert decide(make_request(team), team, Decision.RETURN).status is RequestStatus.RETURNED


@pytest.mark.one_case
@pytest.mark.parametrize("other", ["asker", "approver"])
def test_paying_after_resets_by_one_administrator(session, clock, other):
    team, one = make_team(), administrator()
    request = make_approved(team)
    for user in (getattr(team, other), team.payer):
        reset(user, one)
    with pytest.raises(ResetTogetherError):
        pay(request, team)
    clock.shift(timedelta(days=7))
    pay(request, team)


@pytest.mark.one_case
@pytest.mark.parametrize("case", ["by mail", "by two administrators", "one of them", "by command"])
def test_work_goes_on_after_other_resets(session, clock, case):
    team, one = make_team(), administrator()
    delivery = Delivery.MAIL if case == "by mail" else Delivery.PAPER
    maker = COMMAND_LINE if case == "by command" else one
    reset(team.asker, maker, delivery=delivery)
    if case != "one of them":
        other = administrator() if case == "by two administrators" else maker
        reset(team.approver, other, delivery=delivery)
    pay(make_approved(team), team)


@pytest.mark.sqlite
def test_the_page_says_why(client, session, clock):
    team, one = make_team(), administrator()
    for user in (team.asker, team.approver):
        reset(user, one)
    request = make_request(team)
    sign_in(client, team.approver)
    url = f"/disbursements/{request.public_id}/approve?lang=en"
    answer = client.post(url, data={"version": request.version, "reason": ""})
    assert answer.status_code == 422
    assert "The same administrator reset your sign-in" in answer.text
