"""What of money in two people do: give a gift back."""

from collections.abc import Collection, Mapping
from typing import ClassVar

from flask_babel import gettext as _

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.giving.models import RefundWay
from fundapp.giving.operations import order_refund
from fundapp.giving.queries import find_waiting_for_bank, get_payment
from fundapp.giving.receipts.queries import receipts_of_public
from fundapp.giving.steps import check_refund
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.proposals.models import Proposal, Values
from fundapp.proposals.registry import ProposalKind, Row
from fundapp.web.filters import label

REFUND = "refund"


class RefundKind(ProposalKind):
    """A gift is given back, all of it or a part: an officer asks, an administrator, who moves no
    money, confirms.
    """

    name = REFUND
    title = N_("Refund of a gift")
    propose: ClassVar[Permission] = Permission.HOUSE_PROPOSE
    confirm: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    applies_with: ClassVar[Permission] = Permission.REFUND_ORDER

    def read(self, subject: str) -> Values:
        """What counts of the payment, in satang, and whether it does."""
        payment = get_payment(subject)
        return {"counts": payment.amount_satang, "status": str(payment.status)}

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """So much of it can be given back now."""
        check_refund(get_payment(subject), int(after["amount"]), _way(after))

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Order it: the worker asks the card processor, or the office pays it."""
        order_refund(
            proposal.subject,
            int(proposal.after["amount"]),
            way=_way(proposal.after),
            asked_by=proposal.proposer.public_id,
            actor=actor,
        )

    def subject_labels(self, subjects: Collection[str]) -> Mapping[str, str]:
        """The number of its receipt, and whether the bank has not shown the gift yet."""
        receipts = receipts_of_public(subjects)
        waiting = find_waiting_for_bank([receipt.payment for receipt in receipts.values()])
        labels = {
            subject: _(
                "Receipt %(number)s – the bank has not shown this gift yet", number=receipt.label
            )
            if receipt.payment_id in waiting
            else _("Receipt %(number)s", number=receipt.label)
            for subject, receipt in receipts.items()
        }
        return {subject: labels.get(subject, subject) for subject in subjects}

    def rows(self, values: Values) -> list[Row]:
        """What counts before, and what is given back."""
        if "amount" in values:
            way = _way(values)
            how = label(way) if way else _("Through the card processor")
            return [
                (_("Given back (baht)"), format_baht(int(values["amount"]))),
                (_("How it goes back"), how),
            ]
        return [(_("Counts now (baht)"), format_baht(int(values["counts"])))]


def _way(values: Values) -> RefundWay | None:
    """How the office pays it; None through the card processor."""
    return RefundWay(values["way"]) if values.get("way") else None
