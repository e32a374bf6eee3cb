"""What of concerns two people decide: who reads those about the safety of a child."""

from collections.abc import Sequence
from typing import ClassVar

from flask_babel import gettext as _

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.concerns.operations import name_keepers
from fundapp.concerns.queries import list_keepers
from fundapp.concerns.steps import check_keepers
from fundapp.identity.queries import names_of
from fundapp.markers import N_
from fundapp.proposals.models import Proposal, Values
from fundapp.proposals.registry import ProposalKind, Row

KEEPERS = "concern-keepers"


class ConcernKeepersKind(ProposalKind):
    """Officers and administrators propose; administrators, who cannot be named, confirm."""

    name = KEEPERS
    title = N_("Who reads concerns about the safety of a child")
    propose: ClassVar[Permission] = Permission.HOUSE_PROPOSE
    confirm: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    applies_with: ClassVar[Permission] = Permission.CONCERN_APPOINT

    def read(self, subject: str) -> Values:
        """The two people now."""
        return {"people": [person.public_id for person in list_keepers()]}

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """They are two, and both protect children."""
        check_keepers(after["people"])

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Name them."""
        name_keepers(proposal.after["people"], proposal, actor=actor)

    def subject_label(self, subject: str) -> str:
        """There is one pair."""
        return _("Restricted concerns")

    def rows_of(self, many: Sequence[Values]) -> list[list[Row]]:
        """Their names."""
        names = names_of(each for values in many for each in values["people"])
        told = [", ".join(names.get(each, each) for each in values["people"]) for values in many]
        return [[(_("Two people"), people or _("nobody"))] for people in told]


KINDS = (ConcernKeepersKind(),)
