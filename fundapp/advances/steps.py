"""What proposing an advance or its clearing, and carrying it out, check alike."""

from datetime import timedelta

from fundapp import clock
from fundapp.access.permissions import OFFICE_ROLES
from fundapp.advances.drafts import AdvanceDraft, ClearingDraft
from fundapp.advances.errors import (
    AdvanceAmountError,
    AdvanceClearedError,
    AdvanceDayError,
    AdvanceFundError,
    AdvanceHolderError,
    BillsMissingError,
    SpentError,
)
from fundapp.advances.models import MOST_SATANG, Advance, AdvancePurpose
from fundapp.advances.queries import get_advance, holds_overdue
from fundapp.errors import NotFoundError
from fundapp.identity.models import User
from fundapp.identity.queries import get_user
from fundapp.ledger import chart
from fundapp.ledger.errors import FundFrozenError
from fundapp.ledger.models import AccountUse, Restriction
from fundapp.ledger.queries import find_holdings, fund_available
from fundapp.ledger.steps import require_not_closed
from fundapp.money import format_baht

#: The account of what was spent.
EXPENSE_OF = {
    AdvancePurpose.OFFICE: chart.OFFICE_COSTS,
    AdvancePurpose.TRAVEL: chart.STAFF_TRAVEL,
    AdvancePurpose.EVENTS: chart.EVENT_COSTS,
}
#: How long somebody may hold one.
LONGEST = timedelta(days=30)


def check_advance(draft: AdvanceDraft) -> User:
    """The holder. Raises NotFoundError, FundClosedError, FundFrozenError, AdvanceFundError,
    AdvanceHolderError, AdvanceDayError and AdvanceAmountError.
    """
    fund, today = require_not_closed(draft.fund_code), clock.today()
    if not fund.is_open:
        raise FundFrozenError(field="fund")
    if fund.restriction is not Restriction.UNRESTRICTED:
        raise AdvanceFundError(field="fund")
    if draft.account_code not in fund.account_codes(AccountUse.CASH):
        raise NotFoundError
    holder = get_user(draft.holder)
    if not holder.is_active or not holder.role_set() & OFFICE_ROLES:
        raise NotFoundError
    if holds_overdue(holder.id, today):
        raise AdvanceHolderError(field="holder")
    if not today <= draft.due_on <= today + LONGEST:
        raise AdvanceDayError(field="due_on", params={"days": LONGEST.days})
    held = find_holdings(fund.code).of_fund(fund.code, draft.account_code)
    available = fund_available(fund.code)
    if not 0 < draft.satang <= min(held, available, MOST_SATANG):
        params = {
            "held": format_baht(held),
            "available": format_baht(available),
            "most": format_baht(MOST_SATANG),
        }
        raise AdvanceAmountError(field="amount", params=params)
    return holder


def check_clearing(draft: ClearingDraft) -> Advance:
    """The advance. Raises NotFoundError, AdvanceClearedError, SpentError, BillsMissingError."""
    advance = get_advance(draft.advance)
    if advance.clearing is not None:
        raise AdvanceClearedError
    if not 0 <= draft.spent_satang <= advance.amount_satang:
        raise SpentError(field="spent", params={"most": format_baht(advance.amount_satang)})
    if (draft.spent_satang > 0) is not bool(draft.document):
        raise BillsMissingError(field="paper")
    return advance
