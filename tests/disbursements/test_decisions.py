"""Deciding and cancelling."""

import pytest
from sqlalchemy import text, update

from fundapp.children.encryption import encrypt
from fundapp.db import db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.errors import (
    FactsChangedError,
    NotYoursError,
    ReasonMissingError,
    ThreePeopleError,
    WrongStateError,
)
from fundapp.disbursements.models import Decision, DisbursementRequest, Need, RequestStatus
from fundapp.errors import ForbiddenError, NotFoundError, StaleError
from fundapp.identity.models import User, UserStatus
from fundapp.ledger import chart
from fundapp.ledger.errors import InsufficientFundsError, PersonalDataError
from fundapp.ledger.models import EntryKind, JournalEntry, Posting
from fundapp.ledger.queries import fund_available
from fundapp.remarks.models import ReasonCode
from tests.factories.children import RAMAN, YAHA, make_child
from tests.factories.disbursements import (
    THOUSAND,
    decide,
    make_approved,
    make_paid,
    make_request,
    read,
)
from tests.factories.identity import make_user


def cancel(request, actor, version=None, reason="No longer needed"):
    return unit_of_work(
        operations.cancel_request,
        request.public_id,
        version=version or request.version,
        reason=reason,
        actor=actor.as_actor(),
    )


def test_approving_books_the_expense_by_need(team):
    request = make_approved(team, need=Need.FOOD)
    entry = db.session.get(JournalEntry, request.approval_entry_id)
    posting = db.session.query(Posting).filter_by(entry_id=entry.id).one()
    assert entry.kind is EntryKind.ASSISTANCE_APPROVED
    assert (entry.maker, entry.checker) == (team.asker.public_id, team.approver.public_id)
    assert posting.debit_account_code == chart.ASSISTANCE_FOOD
    assert posting.credit_account_code == chart.ASSISTANCE_PAYABLE
    assert posting.amount_satang == THOUSAND
    assert fund_available(team.fund) == 9 * THOUSAND


@pytest.mark.sqlite
def test_the_entry_does_not_name_the_child(team):
    request = make_approved(team)
    canonical = bytes(db.session.get(JournalEntry, request.approval_entry_id).canonical).decode()
    for secret in (team.child.code, team.child.public_id, "Aminah", "Shoes"):
        assert secret not in canonical


def test_the_last_satang_can_be_spent_and_not_one_more(team):
    decide(make_request(team, 10 * THOUSAND), team)
    assert fund_available(team.fund) == 0
    request = make_request(team, 1)
    with pytest.raises(InsufficientFundsError):
        decide(request, team)
    assert request.status is RequestStatus.SUBMITTED
    assert request.approvals == []


@pytest.mark.sqlite
@pytest.mark.parametrize("decision", [Decision.RETURN, Decision.REJECT])
def test_a_refusal_needs_a_reason_and_books_nothing(team, decision):
    request = make_request(team)
    with pytest.raises(ReasonMissingError):
        decide(request, team, decision, reason="  ")
    decide(request, team, decision)
    assert request.approvals[0].reason_code is ReasonCode.OTHER
    shown = read(request, team).remarks[request.approvals[0].reason_digest]
    assert shown.words == "The account number is not readable"
    assert request.approval_entry_id is None
    assert fund_available(team.fund) == 10 * THOUSAND


@pytest.mark.sqlite
def test_a_reason_with_personal_data_is_refused(team):
    with pytest.raises(PersonalDataError):
        decide(make_request(team), team, Decision.REJECT, reason="Call 081-234-5678")


@pytest.mark.sqlite
def test_nobody_approves_their_own_request_whatever_the_roles(team):
    team.asker = make_user("approver", (RAMAN,), roles=["case_manager", "approver", "fund_officer"])
    request = make_request(team)
    with pytest.raises(ThreePeopleError):
        decide(request, team, actor=team.asker.as_actor())


def test_it_is_approved_once(team):
    request = make_request(team)
    version = request.version
    decide(request, team)
    with pytest.raises(StaleError):
        decide(request, team, version=version)
    with pytest.raises(WrongStateError):
        decide(request, team)
    assert fund_available(team.fund) == 9 * THOUSAND


@pytest.mark.sqlite
def test_other_roles_do_not_decide(team):
    request = make_request(team)
    for actor in (team.payer, team.auditor, make_user("case_manager", (RAMAN,))):
        with pytest.raises(NotYoursError):
            decide(request, team, actor=actor.as_actor())


@pytest.mark.sqlite
def test_other_districts_requests_do_not_exist(team):
    request = make_request(team)
    stranger = make_user("case_manager", (YAHA,))
    with pytest.raises(NotFoundError):
        decide(request, team, actor=stranger.as_actor())
    with pytest.raises(NotFoundError):
        cancel(request, stranger)


@pytest.mark.sqlite
def test_an_unknown_request_does_not_exist(team):
    with pytest.raises(NotFoundError):
        unit_of_work(
            operations.decide_request,
            "nothing",
            decision=Decision.APPROVE,
            version=1,
            reason="",
            actor=team.approver.as_actor(),
        )


@pytest.mark.sqlite
def test_who_is_disabled_meanwhile_decides_nothing(team):
    """The actor was read before; the operation reads it again in its own transaction."""
    request = make_request(team)
    assert team.approver.is_active
    disable = update(User).where(User.id == team.approver.id).values(status=UserStatus.DISABLED)
    unit_of_work(db.session.execute, disable.execution_options(synchronize_session=False))
    with pytest.raises((ForbiddenError, NotFoundError)):
        decide(request, team)
    assert fund_available(team.fund) == 10 * THOUSAND


@pytest.mark.one_case
@pytest.mark.parametrize(
    "column", ["payee_account_encrypted", "payee_name_encrypted", "reason_encrypted"]
)
def test_a_row_changed_outside_the_program_is_not_approved(team, column):
    """Somebody with the keys and the database swaps the payee's account before the approval."""
    request = make_request(team)
    forged = encrypt(DisbursementRequest, column, request.id, "004:9999999999")
    unit_of_work(
        db.session.execute,
        update(DisbursementRequest)
        .where(DisbursementRequest.id == request.id)
        .values({column: forged}),
    )
    with pytest.raises(FactsChangedError):
        decide(request, team)
    assert fund_available(team.fund) == 10 * THOUSAND


def test_a_line_added_outside_the_program_is_not_approved(team):
    request = make_request(team)
    unit_of_work(
        db.session.execute,
        text(
            "INSERT INTO request_lines (id, request_id, child_id, amount_satang) "
            "VALUES (1, :request, :child, 5)"
        ),
        {"request": request.id, "child": make_child(team.asker).id},
    )
    with pytest.raises(FactsChangedError):
        decide(request, team)


@pytest.mark.sqlite
def test_who_asked_cancels_until_it_is_approved(team):
    cancel(make_request(team), team.asker)
    cancel(decide(make_request(team), team, Decision.RETURN), team.asker)
    with pytest.raises(ThreePeopleError):
        cancel(make_approved(team), team.asker)


@pytest.mark.sqlite
def test_an_approver_does_not_cancel_what_is_not_approved(team):
    with pytest.raises(NotYoursError):
        cancel(make_request(team), team.approver)


def test_cancelling_an_approved_request_frees_the_money(team):
    request = make_approved(team)
    cancel(request, team.approver)
    assert request.status is RequestStatus.CANCELLED
    assert fund_available(team.fund) == 10 * THOUSAND
    reversal = (
        db.session.query(JournalEntry).filter_by(reverses_entry_id=request.approval_entry_id).one()
    )
    assert reversal.maker == team.approver.public_id


def test_cancelling_needs_a_reason_and_the_present_version(team):
    request = make_request(team)
    with pytest.raises(ReasonMissingError):
        cancel(request, team.asker, reason="")
    with pytest.raises(StaleError):
        cancel(request, team.asker, version=9)


@pytest.mark.sqlite
def test_what_is_paid_is_not_cancelled(team):
    with pytest.raises(WrongStateError):
        cancel(make_paid(team), team.approver)
