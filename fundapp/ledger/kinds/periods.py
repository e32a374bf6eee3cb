"""Closing a month of the books, and opening it again."""

from datetime import date
from typing import ClassVar

from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.ledger.errors import PeriodNotOverError
from fundapp.ledger.kinds.values import OfTheBooks
from fundapp.ledger.models import PeriodStatus, ReopenReason
from fundapp.ledger.operations import close_period, reopen_period
from fundapp.ledger.periods import REOPENING_KIND
from fundapp.ledger.queries import get_period
from fundapp.ledger.steps import require_closable, require_reopenable
from fundapp.markers import N_
from fundapp.proposals.models import Proposal, Values
from fundapp.proposals.registry import Row
from fundapp.web.filters import label, month

PERIOD_CLOSING = "period-closing"
PERIOD_REOPENING = REOPENING_KIND
#: What is proposed for a month.
CLOSED = {"status": str(PeriodStatus.CLOSED)}


class _OfAMonth(OfTheBooks):
    """A month takes entries, or not."""

    applies_with: ClassVar[Permission] = Permission.PERIOD_CLOSE

    def read(self, subject: str) -> Values:
        """Whether the month is open."""
        return {"status": str(get_period(subject).status)}

    def subject_label(self, subject: str) -> str:
        """The month and its year."""
        return month(date.fromisoformat(subject))

    def rows(self, values: Values) -> list[Row]:
        """Whether it takes entries, and why it does again."""
        is_open = values["status"] == PeriodStatus.OPEN
        rows = [(_("Month"), _("takes entries") if is_open else _("closed"))]
        if "reason" in values:
            rows.append((_("Why"), label(ReopenReason(values["reason"]))))
        return rows


class PeriodClosingKind(_OfAMonth):
    """A month of the books takes no more entries."""

    name = PERIOD_CLOSING
    title = N_("Closing a month")

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """The month is over, and nothing that blocks its closing is left."""
        period = get_period(subject)
        if period.ends_on >= clock.today():
            raise PeriodNotOverError(field="day", params={"ends_on": period.ends_on})
        if period.is_open:
            require_closable(period)

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Close it."""
        close_period(date.fromisoformat(proposal.subject), actor=actor)


class PeriodReopeningKind(_OfAMonth):
    """A closed month takes entries again, for a reason."""

    name = PERIOD_REOPENING
    title = N_("Opening a closed month again")

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """The month is closed, and no fiscal year that ends later."""
        require_reopenable(get_period(subject))

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Open it."""
        reason = ReopenReason(proposal.after["reason"])
        day = date.fromisoformat(proposal.subject)
        reopen_period(day, reason=reason, proposal=proposal, actor=actor)


def reopening_values(reason: ReopenReason) -> Values:
    """What is proposed for a closed month."""
    return {"status": str(PeriodStatus.OPEN), "reason": str(reason)}
