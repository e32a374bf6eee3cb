"""Aid in instalments for tests, asked for and decided by the operations of the pages."""

from collections.abc import Iterable

from fundapp import clock
from fundapp.aid_plans import operations
from fundapp.aid_plans.drafts import AidRulesDraft, SplitDraft
from fundapp.aid_plans.kinds import aid_rules_subject, aid_rules_values
from fundapp.aid_plans.models import AidPlan, AidTermKind
from fundapp.aid_plans.operations import RULES_TYPE
from fundapp.aid_plans.policy import waiting_version
from fundapp.db import unit_of_work
from fundapp.disbursements.models import Need
from tests.factories.disbursements import THOUSAND, Team, make_request
from tests.factories.identity import agree

_ALL = (AidTermKind.REGISTER, AidTermKind.VISIT, AidTermKind.PROOF)


def make_aid_rules(
    percent: int | None = 85, others: Iterable[AidTermKind] = _ALL, need: Need = Need.EDUCATION
) -> AidRulesDraft:
    """Conditions that begin today."""
    draft = AidRulesDraft(need, clock.today(), percent, frozenset(others))
    agree(RULES_TYPE, aid_rules_subject(draft), dict(aid_rules_values(draft)))
    return draft


def make_plan(team: Team, count: int = 3, satang: int = THOUSAND) -> AidPlan:
    """So many instalments, each a month after the one before, the first due today."""
    request = make_request(team, satang)
    return unit_of_work(
        operations.split_request,
        request.public_id,
        SplitDraft(count, clock.today(), 1),
        version=request.version,
        actor=team.asker.as_actor(),
    )


def approve_all(plan: AidPlan, team: Team) -> None:
    """The team's approver decides on all of them."""
    version, actor = waiting_version(plan), team.approver.as_actor()
    unit_of_work(operations.approve_plan, plan.public_id, version=version, actor=actor)
