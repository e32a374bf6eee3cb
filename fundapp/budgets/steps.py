"""What proposing a budget or a transfer, and carrying it out, check alike."""

from fundapp import clock
from fundapp.budgets.drafts import BudgetDraft, TransferDraft
from fundapp.budgets.errors import (
    BudgetAmountError,
    BudgetYearError,
    FundMayNotGiveError,
    FundMayNotTakeError,
    RuleRestrictionError,
    SameFundError,
    TransferAccountError,
    TransferAmountError,
)
from fundapp.budgets.models import MOST_SATANG
from fundapp.budgets.policy import may_ever_give, may_ever_take
from fundapp.budgets.queries import get_transfer_rule, list_expense_accounts
from fundapp.ledger.errors import FundFrozenError
from fundapp.ledger.models import Fund
from fundapp.ledger.queries import find_holdings, fund_available
from fundapp.ledger.steps import require_not_closed
from fundapp.money import format_baht
from fundapp.thai.calendar import fiscal_year_be

#: How many fiscal years before and after that of today a budget may be for.
YEARS_BACK, YEARS_AHEAD = 1, 3


def check_budget(draft: BudgetDraft) -> None:
    """Raise NotFoundError, FundClosedError, BudgetYearError, BudgetAmountError."""
    require_not_closed(draft.fund_code)
    this_year = fiscal_year_be(clock.today())
    first, last = this_year - YEARS_BACK, this_year + YEARS_AHEAD
    if not first <= draft.fiscal_year <= last:
        raise BudgetYearError(field="year", params={"first": first, "last": last})
    known = {account.code for account in list_expense_accounts()}
    is_right = all(0 <= satang <= MOST_SATANG for satang in draft.amounts.values())
    if not draft.amounts.keys() <= known or not is_right:
        raise BudgetAmountError(params={"most": format_baht(MOST_SATANG)})


def check_transfer_rule(fund: Fund, *, gives: bool, takes: bool) -> None:
    """Raise RuleRestrictionError for what the fund's restriction does not allow."""
    if (gives and not may_ever_give(fund)) or (takes and not may_ever_take(fund)):
        raise RuleRestrictionError


def check_transfer(draft: TransferDraft) -> None:
    """Raise NotFoundError, FundClosedError, FundFrozenError, SameFundError, FundMayNotGiveError,
    FundMayNotTakeError, TransferAccountError, and TransferAmountError for more than there is.
    """
    giver, taker = require_not_closed(draft.from_fund), require_not_closed(draft.to_fund)
    if giver.code == taker.code:
        raise SameFundError(field="to_fund")
    if not giver.is_open or not taker.is_open:
        raise FundFrozenError
    if not (may_ever_give(giver) and get_transfer_rule(giver.code).gives):
        raise FundMayNotGiveError(field="from_fund")
    if not (may_ever_take(taker) and get_transfer_rule(taker.code).takes):
        raise FundMayNotTakeError(field="to_fund")
    if draft.account_code not in set(giver.own_account_codes) & set(taker.own_account_codes):
        raise TransferAccountError(field="account")
    available = fund_available(giver.code)
    held = find_holdings(giver.code).of_fund(giver.code, draft.account_code)
    if not 0 < draft.satang <= min(available, held):
        params = {"available": format_baht(available), "held": format_baht(max(held, 0))}
        raise TransferAmountError(field="amount", params=params)
