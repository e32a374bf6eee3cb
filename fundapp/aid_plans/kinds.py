"""What of aid in instalments two people decide: the conditions of each need."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext as _

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.aid_plans.drafts import AidRulesDraft
from fundapp.aid_plans.models import AidTermKind
from fundapp.aid_plans.operations import RULES_TYPE, set_aid_rules
from fundapp.aid_plans.steps import check_aid_rules
from fundapp.disbursements.models import Need
from fundapp.markers import N_
from fundapp.proposals.models import Proposal, Values
from fundapp.proposals.registry import ProposalKind, Row
from fundapp.web.filters import day, label


class AidRulesKind(ProposalKind):
    """Administrators propose and confirm: those who ask, decide and pay do not set conditions."""

    name = RULES_TYPE
    title = N_("Conditions of aid in instalments")
    propose: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    confirm: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    applies_with: ClassVar[Permission] = Permission.HELP_RULES_SET

    def read(self, subject: str) -> Values:
        """Nothing: conditions are new ones, by need and the day on which they begin."""
        return {}

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """Their day and per cent fit."""
        check_aid_rules(_draft(subject, after))

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Record them."""
        set_aid_rules(_draft(proposal.subject, proposal.after), proposal, actor=actor)

    def subject_label(self, subject: str) -> str:
        """The need and the day on which they begin."""
        need, starts_on = subject.split(" ")
        begins = day(date.fromisoformat(starts_on))
        return _("%(need)s, from %(day)s", need=label(Need(need)), day=begins)

    def rows(self, values: Values) -> list[Row]:
        """Each condition."""
        if not values:
            return []
        percent, none = values["percent"], _("no condition")
        first = (
            label(AidTermKind.ATTENDANCE),
            none if percent is None else _("at least %(percent)s per cent", percent=percent),
        )
        others = [kind for kind in AidTermKind if kind is not AidTermKind.ATTENDANCE]
        return [
            first,
            *((label(kind), _("yes") if kind in values["others"] else none) for kind in others),
        ]


def aid_rules_subject(draft: AidRulesDraft) -> str:
    """Need and day, as proposals name them."""
    return f"{draft.need} {draft.starts_on.isoformat()}"


def aid_rules_values(draft: AidRulesDraft) -> Mapping[str, Any]:
    """Conditions as proposals write them."""
    return {"percent": draft.percent, "others": sorted(draft.others)}


def _draft(subject: str, values: Values) -> AidRulesDraft:
    need, starts_on = subject.split(" ")
    return AidRulesDraft(
        need=Need(need),
        starts_on=date.fromisoformat(starts_on),
        percent=values["percent"],
        others=frozenset(AidTermKind(kind) for kind in values["others"]),
    )


KINDS = (AidRulesKind(),)
