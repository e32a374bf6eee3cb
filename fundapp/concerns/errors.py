"""The rules of concerns."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class ConcernStateError(RuleError):
    """What a concern is now does not allow this."""

    message = N_("The state of the concern does not allow this any more. Look at it again.")


class NotConcernOwnerError(RuleError):
    """Only who took a concern over answers and closes it."""

    message = N_("Only the person who took this over can do that. Take it over first.")


class KeepersError(RuleError):
    """Two people who protect children read restricted concerns."""

    message = N_("Choose two different people who are supervisors or approvers.")


class ConcernCodeError(RuleError):
    """No concern has this code."""

    message = N_("There is nothing with this code. Compare it with what you noted down.")
