"""What happens between looking at a page and pressing its button: two tabs, a changed request, a
swapped account, a clock that is a day off.
"""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from fundapp import clock as app_clock
from fundapp.audit.checks import run_checks
from fundapp.children.encryption import encrypt
from fundapp.db import db, unit_of_work
from fundapp.disbursements.drafts import PayeeAccount
from fundapp.disbursements.errors import PayoutDayError
from fundapp.disbursements.models import Decision, DisbursementRequest, RequestStatus
from fundapp.disbursements.operations import resubmit_request
from fundapp.ledger import chart
from fundapp.ledger.queries import fund_available
from tests.conftest import MORNING
from tests.disbursements.views.pages import stored, text, url
from tests.factories.disbursements import (
    THOUSAND,
    decide,
    make_approved,
    make_request,
    pay,
    request_draft,
    verify,
)
from tests.factories.identity import sign_in

DAY = timedelta(days=1)


def form_of(client, request, action):
    """What the form on the page sends when its button is pressed."""
    page = client.get(url(request)).text
    form = page[page.index(f'action="{url(request, action)}"') :].partition("</form>")[0]
    fields = re.findall(r'<input[^>]* name="([\w-]+)"[^>]*? value="([^"]*)"', form)
    return {**dict(fields), "reason": ""}


def swap_account(request):
    """Somebody with the keys and the database writes another account."""
    forged = encrypt(DisbursementRequest, "payee_account_encrypted", request.id, "004:9999999999")
    change = update(DisbursementRequest).where(DisbursementRequest.id == request.id)
    unit_of_work(db.session.execute, change.values(payee_account_encrypted=forged))


def test_two_tabs_and_a_changed_request(team, english):
    """Each tab decides on what it showed, or on nothing."""
    request = make_request(team)
    sign_in(english, team.approver)
    first, second = (form_of(english, request, "approve") for _ in range(2))
    returned = {**first, "reason": "The account is not readable"}
    assert english.post(url(request, "return"), data=returned).status_code == 303
    assert english.post(url(request, "approve"), data=second).status_code == 409
    assert stored()[0].status is RequestStatus.RETURNED
    draft = request_draft(team, 2 * THOUSAND, account=PayeeAccount("006", "2222222222"))
    again = {"version": 2, "actor": team.asker.as_actor()}
    unit_of_work(resubmit_request, request.public_id, draft, **again)
    stale = english.post(url(request, "approve"), data=second)
    assert stale.status_code == 409
    assert "Nothing was changed" in text(stale)
    verify(stored()[0], team)
    assert fund_available(team.fund) == 10 * THOUSAND
    shown = form_of(english, request, "approve")
    assert english.post(url(request, "approve"), data=shown).status_code == 303
    assert fund_available(team.fund) == 8 * THOUSAND


def test_an_account_that_is_swapped_between_view_and_click(team, english):
    waiting, approved = make_request(team), make_approved(team)
    for user, request, action in (
        (team.approver, waiting, "approve"),
        (team.payer, approved, "pay"),
    ):
        sign_in(english, user)
        form = form_of(english, request, action)
        form |= {"paid_from": chart.BANK_MAIN} if action == "pay" else {}
        swap_account(request)
        refused = english.post(url(request, action), data=form)
        assert refused.status_code == 409, text(refused)
        assert "Nothing was changed" in text(refused)
    states = [each.status for each in stored()]
    assert states == [RequestStatus.SUBMITTED, RequestStatus.APPROVED]


def test_a_clock_that_is_a_day_off(team, clock):
    """Set back after the approval, no payment is before it; set forward, none is after the day that
    the server says; what follows when it is right again is in order.
    """
    approved_on = app_clock.today()
    behind, ahead = make_approved(team), make_approved(team)
    clock.move_to(MORNING - DAY)
    with pytest.raises(PayoutDayError):
        pay(behind, team, paid_on=approved_on - DAY)
    pay(behind, team, paid_on=approved_on)
    clock.move_to(MORNING + DAY)
    with pytest.raises(PayoutDayError):
        pay(ahead, team, paid_on=approved_on + 2 * DAY)
    pay(ahead, team, paid_on=approved_on + DAY)
    clock.move_to(MORNING + timedelta(hours=1))
    decide(make_request(team), team, Decision.REJECT)
    for request in stored()[:2]:
        assert request.approvals[-1].decided_at <= request.payouts[0].recorded_at
    red = [result.check.name for result in run_checks() if result.state == "red"]
    assert red == []
