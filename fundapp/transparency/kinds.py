"""What of the sealed log two people change: to whom its checkpoints are mailed."""

from typing import ClassVar

from flask_babel import gettext as _

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.markers import N_
from fundapp.proposals.models import Proposal, Values
from fundapp.proposals.registry import ProposalKind, Row
from fundapp.transparency.operations import set_checkpoint_holders
from fundapp.transparency.queries import list_holders
from fundapp.transparency.steps import read_holders

CHECKPOINT_HOLDERS = "checkpoint-holders"
#: There is one list.
HOLDERS = "holders"


class CheckpointHoldersKind(ProposalKind):
    """Officers and administrators propose; administrators, who move no money, confirm."""

    name = CHECKPOINT_HOLDERS
    title = N_("Who is mailed the checkpoints of the books")
    propose: ClassVar[Permission] = Permission.HOUSE_PROPOSE
    confirm: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    applies_with: ClassVar[Permission] = Permission.LOG_HOLDERS_SET

    def read(self, subject: str) -> Values:
        """The addresses now."""
        return {"addresses": list_holders()}

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """Each is an address, and there are not too many."""
        read_holders(after["addresses"])

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Set them."""
        set_checkpoint_holders(proposal.after["addresses"], actor=actor)

    def subject_label(self, subject: str) -> str:
        """The list."""
        return _("Checkpoints of the books")

    def rows(self, values: Values) -> list[Row]:
        """One after the other."""
        return [(_("Holders"), ", ".join(values["addresses"]) or _("none"))]


KINDS = (CheckpointHoldersKind(),)
