"""What of money out two people decide: the rules of help."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext as _

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.disbursements.drafts import HelpRulesDraft
from fundapp.disbursements.operations.help_rules import set_help_rules
from fundapp.disbursements.steps import check_help_rules
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.proposals.models import Proposal, Values
from fundapp.proposals.registry import ProposalKind, Row
from fundapp.web.filters import day

HELP_RULES = "help-rules"


class HelpRulesKind(ProposalKind):
    """Administrators propose and confirm: those who ask, decide and pay do not set the rules."""

    name = HELP_RULES
    title = N_("Approval bands and caps")
    propose: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    confirm: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    applies_with: ClassVar[Permission] = Permission.HELP_RULES_SET

    def read(self, subject: str) -> Values:
        """Nothing: rules are new ones, by the day on which they begin."""
        return {}

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """Their day, bands and caps fit."""
        check_help_rules(_draft(subject, after))

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Record them."""
        set_help_rules(_draft(proposal.subject, proposal.after), proposal, actor=actor)

    def subject_label(self, subject: str) -> str:
        """The day on which they begin."""
        return _("From %(day)s", day=day(date.fromisoformat(subject)))

    def rows(self, values: Values) -> list[Row]:
        """Each band and each cap."""
        if not values:
            return []
        rows = [
            (
                _("From %(baht)s baht", baht=format_baht(satang)),
                _("%(count)s people approve", count=approvers),
            )
            for satang, approvers in values["bands"]
        ]
        caps = [
            (_("Cap of a child in a fiscal year (baht)"), values["child_cap"]),
            (_("Cap of a household in a fiscal year (baht)"), values["household_cap"]),
        ]
        return rows + [
            (label, _("none") if cap is None else format_baht(cap)) for label, cap in caps
        ]


def help_rules_values(draft: HelpRulesDraft) -> Mapping[str, Any]:
    """Rules as proposals write them."""
    return {
        "bands": [list(band) for band in draft.bands],
        "child_cap": draft.child_cap_satang,
        "household_cap": draft.household_cap_satang,
    }


def _draft(starts_on: str, values: Values) -> HelpRulesDraft:
    return HelpRulesDraft(
        starts_on=date.fromisoformat(starts_on),
        bands=tuple((satang, approvers) for satang, approvers in values["bands"]),
        child_cap_satang=values["child_cap"],
        household_cap_satang=values["household_cap"],
    )


KINDS = (HelpRulesKind(),)
