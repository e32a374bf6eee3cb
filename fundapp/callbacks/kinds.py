"""What of receipts two people decide: the rules of call-backs and overdue proofs."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext as _

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.callbacks.drafts import ReceiptRulesDraft
from fundapp.callbacks.operations import RULES_TYPE, set_receipt_rules
from fundapp.callbacks.steps import RANGES, check_receipt_rules
from fundapp.markers import N_
from fundapp.proposals.models import Proposal, Values
from fundapp.proposals.registry import ProposalKind, Row
from fundapp.web.filters import day

#: What each number of the rules is called.
LABELS = {
    "percent": N_("Payments of a month called about (per cent)"),
    "fewest": N_("So many payments of a month at least"),
    "overdue_days": N_("Days until a proof of receipt is overdue"),
    "supervisor_days": N_("Days until the supervisor is told of it"),
}


class ReceiptRulesKind(ProposalKind):
    """Administrators propose and confirm: those who ask, pay and call do not set the rules."""

    name = RULES_TYPE
    title = N_("Call-backs and overdue proofs")
    propose: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    confirm: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    applies_with: ClassVar[Permission] = Permission.HELP_RULES_SET

    def read(self, subject: str) -> Values:
        """Nothing: rules are new ones, by the day on which they begin."""
        return {}

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """Their day and numbers fit."""
        check_receipt_rules(_draft(subject, after))

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Record them."""
        set_receipt_rules(_draft(proposal.subject, proposal.after), proposal, actor=actor)

    def subject_label(self, subject: str) -> str:
        """The day on which they begin."""
        return _("From %(day)s", day=day(date.fromisoformat(subject)))

    def rows(self, values: Values) -> list[Row]:
        """Each number."""
        return [(_(LABELS[name]), str(values[name])) for name in RANGES if values]


def receipt_rules_values(draft: ReceiptRulesDraft) -> Mapping[str, Any]:
    """Rules as proposals write them."""
    return {name: getattr(draft, name) for name in RANGES}


def _draft(starts_on: str, values: Values) -> ReceiptRulesDraft:
    return ReceiptRulesDraft(
        starts_on=date.fromisoformat(starts_on), **{name: values[name] for name in RANGES}
    )


KINDS = (ReceiptRulesKind(),)
