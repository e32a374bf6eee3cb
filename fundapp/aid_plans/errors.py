"""The rules of aid in instalments, in sentences a person can act on."""

from fundapp.errors import ForbiddenError, RuleError, StaleError
from fundapp.markers import N_


class AidRulesDayError(RuleError):
    """Conditions that would begin before today, or on the day of others."""

    message = N_(
        "The conditions of a need begin today or later, on a day on which no others begin."
    )


class AidPercentError(RuleError):
    """Attendance that is no per cent."""

    message = N_("Write a number from 1 to 100.")


class InstalmentsMadeError(ForbiddenError):
    """A request of somebody else, one that was decided on, or an instalment already."""

    message = N_(
        "Who asked for the help makes instalments of it, before anybody decided on it, and once."
    )


class SplitNumberError(RuleError):
    """Too few or too many instalments or months."""

    message = N_("Write a number from %(first)s to %(last)s.")


class FirstDayError(RuleError):
    """A first instalment in the past or far ahead."""

    message = N_("The first instalment is due within a year from today.")


class FactNotYoursError(ForbiddenError):
    """Another district, or a step for somebody else."""

    message = N_(
        "Somebody else does this: who asked for the aid does not decide on its conditions, and who "
        "recorded something does not accept it."
    )


class NoSuchTermError(RuleError):
    """A condition that the plan does not have, or that is met."""

    message = N_("The instalment does not wait for this condition. Choose another one.")


class FactPaperError(RuleError):
    """No paper where one is needed."""

    message = N_("Send the paper of the school as a photograph or PDF.")


class FactPercentError(RuleError):
    """Attendance without its number."""

    message = N_("Write how many per cent of the days the child was at school, from 0 to 100.")


class VisitMissingError(RuleError):
    """No visit stands in the file of a child."""

    message = N_(
        "Write the home visit into the file of %(code)s first: none stands there since the "
        "instalment before was paid."
    )


class FactDecidedError(StaleError):
    """Somebody decided on it before."""

    message = N_("Somebody has decided on this already. See below.")


class AidHeldError(RuleError):
    """An instalment before its day, or without a condition."""

    message = N_("Instalment %(number)s is held: %(why)s. Open the plan to see what to do.")
