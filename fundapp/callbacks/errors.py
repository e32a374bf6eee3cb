"""The rules of call-backs, in sentences a person can act on."""

from fundapp.errors import ForbiddenError, RuleError, StaleError
from fundapp.markers import N_


class ReceiptRulesDayError(RuleError):
    """Rules that would begin before today, or on the day of others."""

    message = N_("The rules begin today or later, on a day on which no others begin.")


class ReceiptRulesNumberError(RuleError):
    """A number that the rules do not take."""

    message = N_("Write a number from %(first)s to %(last)s.")


class SupervisorDaysError(RuleError):
    """The supervisor would be told before the case manager."""

    message = N_("The supervisor is told later than the case manager: write more days.")


class MonthToDrawError(RuleError):
    """A month that is not over, that was drawn, or that no rules were in force for."""

    message = N_("A month is drawn after its end, once, by rules that were in force in it.")


class CallerError(ForbiddenError):
    """Who asked for the help or paid it, or is of another district."""

    message = N_(
        "Who asked for the help or paid it does not call about it. Another case manager or the "
        "supervisor of the district calls."
    )


class ReachedError(StaleError):
    """Somebody was reached before."""

    message = N_("Somebody was reached already, and what was said is recorded below.")


class CallDayError(RuleError):
    """A call before the payment or in the future."""

    message = N_("The day of the call must be between the payment and today.")


class CallWordsError(RuleError):
    """A problem without a word about it."""

    message = N_("Write what was said about the money.")
