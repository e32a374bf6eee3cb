"""Proposals of every kind, each about things of its own, to count what their lists ask."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from fundapp import clock
from fundapp.access.permissions import Role
from fundapp.advances import kinds as advances
from fundapp.agencies import kinds as agencies
from fundapp.aid_plans.operations import RULES_TYPE as AID_RULES
from fundapp.banking import kinds as banking
from fundapp.banking.statement_files.queries import texts_of
from fundapp.budgets import kinds as budgets
from fundapp.callbacks.operations import RULES_TYPE as RECEIPT_RULES
from fundapp.callbacks.steps import RANGES
from fundapp.committee import kinds as committee
from fundapp.concerns.kinds import KEEPERS
from fundapp.db import db, unit_of_work
from fundapp.disbursements import kinds as disbursements
from fundapp.disbursements.drafts import FundRulesDraft
from fundapp.disbursements.models import Need, RuleAspect
from fundapp.disbursements.queries.vendors import VENDOR
from fundapp.giving.kinds import REFUND
from fundapp.giving.models import OfficeRefund, Payment, RefundWay
from fundapp.grants import kinds as grants
from fundapp.identity import kinds as identity
from fundapp.identity.models import User
from fundapp.identity.role_rows import ROLES
from fundapp.ledger import chart, kinds
from fundapp.ledger.models import ReopenReason
from fundapp.proposals.models import Proposal, ProposalStatus, Values, as_json
from fundapp.proposals.registry import find_kind
from fundapp.trail.operations import record_event
from fundapp.transparency.kinds import CHECKPOINT_HOLDERS
from tests.factories.actors import OFFICER
from tests.factories.advances import advance_draft, make_advance
from tests.factories.agencies import make_agency
from tests.factories.books import make_fund
from tests.factories.children import RAMAN
from tests.factories.giving import make_office_refund, make_payment
from tests.factories.grants import make_draft, make_grantor
from tests.factories.identity import make_user
from tests.factories.profiles import KTB
from tests.factories.vendors import make_vendor

#: Subject and values of one proposal of each kind; no values: those that are so now.
Proposed = Mapping[str, tuple[str, Values | None]]


def make_things(number: int) -> Proposed:
    """One thing of each kind; the books hold GENERAL, and cash for an advance."""
    fund, first = f"FUND-{number}", date(2026, 1, 1) + timedelta(days=31 * number)
    make_fund(fund, position=number)
    person, other = make_user(Role.CASE_MANAGER, (RAMAN,)), make_user(Role.APPROVER)
    return {
        **_of_funds(fund, first.replace(day=1).isoformat()),
        **_of_banking(f"BANK-{number}"),
        **_of_people(person, other, number),
        **_of_money(fund, person, number),
        **_of_rules(first.isoformat(), fund),
    }


def propose(things: Iterable[Proposed], proposer: User) -> None:
    """Write each twice: one that was refused, and one that waits."""
    unit_of_work(_propose, list(things), proposer)


def _propose(many: list[Proposed], proposer: User) -> None:
    for things in many:
        for kind, (subject, after) in things.items():
            values = find_kind(kind).read(subject) if after is None else after
            refused = _proposal(kind, subject, values, proposer)
            refused.status, refused.decided_at = ProposalStatus.REFUSED, clock.now()
            db.session.flush()
            _proposal(kind, subject, values, proposer)


def _proposal(kind: str, subject: str, values: Values, proposer: User) -> Proposal:
    """An open one; its event of the trail is about it."""
    proposal = Proposal(
        kind=kind,
        subject=subject,
        before_json=as_json(values),
        after_json=as_json(values),
        proposed_by_id=proposer.id,
        proposed_at=clock.now(),
        expires_on=clock.today(),
    )
    db.session.add(proposal)
    db.session.flush()
    args = {"subject_type": "proposal", "subject_ref": proposal.public_id, "actor": OFFICER}
    record_event("proposals:proposal:make", **args)
    return proposal


def _of_funds(fund: str, month: str) -> Proposed:
    of_the_fund = (
        kinds.FUND_OPENING,
        kinds.FUND_SETTINGS,
        kinds.FUND_ACCOUNTS,
        kinds.TAX_WORDING,
        kinds.LET_GO_LIMIT,
        kinds.FUND_STATUS,
        budgets.TRANSFER_RULE,
    )
    transfer = {"amount": 100, "account": chart.BANK_MAIN, "reason": "cover", "document": "x"}
    return {
        **dict.fromkeys(of_the_fund, (fund, None)),
        kinds.PERIOD_CLOSING: (month, kinds.CLOSED),
        kinds.PERIOD_REOPENING: (month, kinds.reopening_values(ReopenReason.MISTAKE)),
        budgets.BUDGET: (budgets.budget_subject(fund, 2570), {chart.ASSISTANCE_EDUCATION: 100}),
        budgets.FUND_TRANSFER: (budgets.transfer_subject(fund, "GENERAL"), transfer),
    }


def _of_banking(code: str) -> Proposed:
    account: dict[str, Any] = {"bank_code": "006", "account_code": chart.BANK_MAIN, "name": code}
    return {
        banking.BANK_ACCOUNT: (code, account),
        banking.PROMPTPAY: (code, {"promptpay_biller": "", "promptpay_id": ""}),
        banking.ACCOUNT_RELEASE: (code, banking.RELEASED),
        banking.PROFILE: (code, texts_of(replace(KTB, code=code))),
    }


def _of_people(person: User, other: User, number: int) -> Proposed:
    agency = make_agency()
    both = [person.public_id, other.public_id]
    access = agencies.access_values(agency.public_id, clock.today())
    order = {"starts_on": "2026-10-01", "ends_on": "2027-09-30", "quorum": 2}
    return {
        ROLES: (person.public_id, None),
        identity.EXCEPTION: (person.public_id, None),
        identity.ENABLING: (person.public_id, None),
        agencies.AGENCY_PROPOSAL: (agency.public_id, None),
        agencies.ACCESS_PROPOSAL: (other.public_id, access),
        committee.ORDER: (f"{number}/2570", {**order, "seats": [both, [both[1], ""]]}),
        KEEPERS: (f"keepers-{number}", {"people": both}),
        CHECKPOINT_HOLDERS: (f"holders-{number}", {"addresses": ["holder@example.org"]}),
    }


def _of_money(fund: str, person: User, number: int) -> Proposed:
    # What is kept of a gift that was given back in part: the bank has shown neither.
    refund = make_office_refund(make_payment(50_000), 10_000, RefundWay.CASH)
    kept = db.session.get_one(Payment, db.session.get_one(OfficeRefund, refund.id).kept_id)
    back = {"amount": 10_000, "way": "transfer"}
    grant = make_draft(make_grantor(f"Office {number}"), number=f"{number}/2569")
    given = advances.advance_values(advance_draft(person))
    return {
        REFUND: (kept.public_id, back),
        VENDOR: (make_vendor().public_id, None),
        grants.GRANT_START: (grant.public_id, None),
        grants.GRANT_AMENDMENT: (grant.public_id, None),
        advances.ADVANCE: (advances.advance_subject(fund, person.public_id), given),
        advances.CLEARING: (make_advance(10_000).public_id, {"spent": 100}),
    }


def _of_rules(day: str, fund: str) -> Proposed:
    of_a_district = FundRulesDraft(fund, clock.today(), 6, None, ((RuleAspect.DISTRICT, RAMAN),))
    bands = {"bands": [[0, 1]], "child_cap": None, "household_cap": 100}
    return {
        disbursements.HELP_RULES: (day, bands),
        disbursements.FUND_RULES: (fund, disbursements.fund_rules_values(of_a_district)),
        AID_RULES: (f"{Need.EDUCATION} {day}", {"percent": 80, "others": []}),
        RECEIPT_RULES: (day, dict.fromkeys(RANGES, 5)),
        committee.RULE: (day, committee.rule_values(100)),
    }
