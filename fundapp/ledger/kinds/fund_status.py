"""Closing a fund, and opening a frozen or closed one again."""

from flask_babel import gettext as _

from fundapp.access.actors import Actor
from fundapp.errors import NotFoundError
from fundapp.ledger.kinds.values import OfAFund
from fundapp.ledger.models import FundStatus
from fundapp.ledger.obstacles import require_closable
from fundapp.ledger.operations import close_fund, reopen_fund
from fundapp.ledger.queries import get_fund
from fundapp.markers import N_
from fundapp.proposals.models import Proposal, Values
from fundapp.proposals.registry import Row
from fundapp.web.filters import label

FUND_STATUS = "fund-status"


class FundStatusKind(OfAFund):
    """Closing a fund, and opening it again. Freezing one person does alone."""

    name = FUND_STATUS
    title = N_("Closing a fund or opening it again")

    def read(self, subject: str) -> Values:
        """Its state."""
        return status_values(get_fund(subject).status)

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """Nothing stands against closing it."""
        status = FundStatus(after["status"])
        if status is FundStatus.FROZEN:
            raise NotFoundError
        if status is FundStatus.CLOSED:
            require_closable(get_fund(subject))

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Close it or open it."""
        is_closing = proposal.after["status"] == FundStatus.CLOSED
        (close_fund if is_closing else reopen_fund)(proposal.subject, actor=actor)

    def rows(self, values: Values) -> list[Row]:
        """The state."""
        return [(_("Fund"), label(FundStatus(values["status"])))]


def status_values(status: FundStatus) -> Values:
    """A state of a fund."""
    return {"status": str(status)}
