"""Who may do what; pure, so nothing here is stored."""

import pytest

from fundapp.access import actors
from fundapp.access.actors import Grant
from fundapp.access.permissions import Role
from fundapp.disbursements import policy
from fundapp.disbursements.models import (
    Approval,
    Decision,
    DisbursementRequest,
    Payout,
    PayoutMethod,
    RequestStatus,
)
from fundapp.ledger import chart
from fundapp.ledger.models import AccountUse, Fund, FundAccount, Restriction
from tests.factories.actors import grants

HERE, THERE = "9506", "9505"
ASKER, APPROVER, PAYER = 1, 2, 3


def person(number, *roles, districts=(), is_active=True):
    held = grants(roles, districts)
    return actors.person(f"person-{number}", number, held, is_active=is_active)


def with_every_role(number, is_active=True):
    """Somebody who wrongly holds every role, in this district."""
    return person(number, *Role, districts=(HERE,), is_active=is_active)


def request(status=RequestStatus.SUBMITTED, approved=False, paid=False):
    made = DisbursementRequest(district_code=HERE, requested_by_id=ASKER, status=status, version=2)
    if approved:
        made.approvals.append(Approval(approver_id=APPROVER, decision=Decision.APPROVE, version=1))
    if paid:
        made.payouts.append(Payout(payer_id=PAYER))
    return made


@pytest.mark.parametrize("role", [Role.APPROVER, Role.FUND_OFFICER, Role.AUDITOR])
def test_some_roles_see_every_district(role):
    assert policy.may_see(person(9, role), request(), is_handed_on=False)


def test_a_case_manager_sees_the_own_districts_only():
    assert policy.may_see(
        person(9, Role.CASE_MANAGER, districts=(HERE,)), request(), is_handed_on=False
    )
    assert not policy.may_see(
        person(9, Role.CASE_MANAGER, districts=(THERE,)), request(), is_handed_on=False
    )


@pytest.mark.parametrize("role", [Role.DONOR, Role.ADMINISTRATOR])
def test_others_see_nothing(role):
    assert not policy.may_see(person(9, role, districts=(HERE,)), request(), is_handed_on=False)


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        (Role.CASE_MANAGER, True),
        (Role.SUPERVISOR, True),
        (Role.APPROVER, True),
        (Role.FUND_OFFICER, True),
        (Role.AUDITOR, False),
    ],
)
def test_who_is_shown_the_payee(role, shown):
    assert policy.may_see_payee(person(9, role, districts=(HERE,)), request()) == shown


@pytest.mark.parametrize("first", Role)
@pytest.mark.parametrize("second", Role)
def test_no_pair_of_roles_is_shown_the_payee_of_another_district(first, second):
    """Whatever the one sees everywhere, the districts of the other stay its own: an auditor who is
    case manager elsewhere is not shown the payee.
    """
    held = [Grant(first, frozenset({THERE})), Grant(second, frozenset({THERE}))]
    viewer = actors.person("person-9", 9, held)
    everywhere = {Role.APPROVER, Role.FUND_OFFICER}
    assert policy.may_see_payee(viewer, request()) is bool(everywhere & {first, second})
    reads = everywhere | {Role.AUDITOR}
    assert policy.may_see(viewer, request(), is_handed_on=False) is bool(reads & {first, second})
    assert not policy.may_request(viewer, HERE)
    assert not policy.may_file_proof_of_receipt(viewer, request(RequestStatus.PAID))


def test_only_case_managers_ask_and_for_their_districts():
    manager = person(9, Role.CASE_MANAGER, districts=(HERE,))
    assert policy.may_request(manager, HERE)
    assert not policy.may_request(manager, THERE)
    assert not policy.may_request(person(9, Role.APPROVER), HERE)


def test_who_asked_never_decides_whatever_the_roles():
    assert not policy.may_decide(with_every_role(ASKER), request())
    assert policy.may_decide(with_every_role(APPROVER), request())
    assert not policy.may_decide(person(9, Role.FUND_OFFICER), request())


def test_neither_asker_nor_approver_pays():
    approved = request(RequestStatus.APPROVED, approved=True)
    assert not policy.may_pay(with_every_role(ASKER), approved)
    assert not policy.may_pay(with_every_role(APPROVER), approved)
    assert policy.may_pay(with_every_role(PAYER), approved)
    assert not policy.may_pay(person(9, Role.APPROVER), approved)


def test_only_who_asked_sends_again():
    returned = request(RequestStatus.RETURNED)
    assert policy.may_resubmit(with_every_role(ASKER), returned)
    assert not policy.may_resubmit(with_every_role(APPROVER), returned)


def test_cancelling_belongs_to_the_asker_until_it_is_approved():
    assert policy.may_cancel(with_every_role(ASKER), request())
    assert not policy.may_cancel(with_every_role(APPROVER), request())
    approved = request(RequestStatus.APPROVED, approved=True)
    assert not policy.may_cancel(with_every_role(ASKER), approved)
    assert policy.may_cancel(with_every_role(APPROVER), approved)


def test_neither_who_asked_nor_who_paid_files_a_proof_of_receipt():
    paid = request(RequestStatus.PAID, approved=True, paid=True)
    assert policy.may_file_proof_of_receipt(with_every_role(9), paid)
    assert not policy.may_file_proof_of_receipt(with_every_role(ASKER), paid)
    assert not policy.may_file_proof_of_receipt(with_every_role(PAYER), paid)
    assert policy.may_file_proof_of_receipt(person(9, Role.SUPERVISOR, districts=(HERE,)), paid)
    assert not policy.may_file_proof_of_receipt(
        person(9, Role.CASE_MANAGER, districts=(THERE,)), paid
    )


def test_who_is_disabled_does_nothing():
    paid = request(RequestStatus.PAID, approved=True, paid=True)
    disabled = with_every_role(9, is_active=False)
    may = [
        policy.may_see(disabled, paid, is_handed_on=False),
        policy.may_request(disabled, HERE),
        policy.may_decide(disabled, paid),
        policy.may_cancel(disabled, paid),
        policy.may_pay(disabled, paid),
        policy.may_file_proof_of_receipt(disabled, paid),
    ]
    assert may == [False] * 6


@pytest.mark.parametrize(
    ("restriction", "method", "account"),
    [
        (Restriction.ZAKAT, PayoutMethod.TRANSFER, chart.BANK_ZAKAT),
        (Restriction.ZAKAT, PayoutMethod.PROMPTPAY, chart.BANK_ZAKAT),
        (Restriction.ZAKAT, PayoutMethod.CASH, chart.CASH_ON_HAND),
        (Restriction.RESTRICTED, PayoutMethod.TRANSFER, chart.BANK_MAIN),
        (Restriction.UNRESTRICTED, PayoutMethod.CASH, chart.CASH_ON_HAND),
    ],
)
def test_a_payout_is_paid_from_an_account_of_its_fund(restriction, method, account):
    accounts = chart.USUAL_ACCOUNTS[restriction]
    fund = Fund(
        accounts=[
            FundAccount(account_code=code, use=use)
            for use, codes in ((AccountUse.CASH, accounts.cash), (AccountUse.BANK, accounts.bank))
            for code in codes
        ]
    )
    assert policy.accounts_to_pay_from(fund, method) == [account]
