"""The rules of budgets and of transfers between funds."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class BudgetYearError(RuleError):
    """A budget is for a fiscal year near today."""

    message = N_("Choose a fiscal year from %(first)s to %(last)s.")


class BudgetAmountError(RuleError):
    """An amount of a budget is out of range, or not of an expense."""

    message = N_("Write what may be spent on each kind of expense, %(most)s baht at most.")


class FundMayNotGiveError(RuleError):
    """Only an unrestricted fund whose rule says so gives money to other funds."""

    message = N_(
        "This fund may not give money to other funds. Restricted money and zakat stay with their "
        "purpose; of an unrestricted fund two people let it give, on the page of transfers."
    )


class FundMayNotTakeError(RuleError):
    """Only a fund whose rule says so takes money of other funds, and zakat never."""

    message = N_(
        "This fund may not take money of other funds. Zakat takes none; of another fund two people "
        "let it take some, on the page of transfers."
    )


class SameFundError(RuleError):
    """A transfer is between two funds."""

    message = N_("Choose two funds.")


class TransferAccountError(RuleError):
    """Money stays in the account where it lies when it changes the fund."""

    message = N_(
        "Both funds must keep money in this account. Choose an account that both of them have."
    )


class TransferAmountError(RuleError):
    """No more is given than the fund has there."""

    message = N_(
        "The fund has %(available)s baht left, and %(held)s baht in this account. Give less."
    )


class RuleRestrictionError(RuleError):
    """What the restriction of a fund does not allow its rule to say."""

    message = N_(
        "Only an unrestricted fund may give, and a fund of zakat may not take. Leave that out."
    )
