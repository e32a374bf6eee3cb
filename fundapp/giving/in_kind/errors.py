"""Errors of gifts in kind."""

from fundapp.errors import RuleError, StaleError
from fundapp.markers import N_


class InKindError(RuleError):
    """Something of a gift in kind is missing or does not fit."""

    message = N_("Write what was given.")


class InKindKnownError(RuleError):
    """The same form recorded another gift before."""

    message = N_(
        "This form recorded a gift already, of other content. Nothing was saved. To record another "
        "gift, open the form again."
    )


class InKindWithdrawnError(StaleError):
    """It is withdrawn once."""

    message = N_("This gift was marked as a mistake already.")
