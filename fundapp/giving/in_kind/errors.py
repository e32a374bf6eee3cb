"""Errors of gifts in kind."""

from fundapp.errors import RuleError, StaleError
from fundapp.markers import N_


class InKindError(RuleError):
    """Something of a gift in kind is missing or does not fit."""

    message = N_("Write what was given.")


class InKindWithdrawnError(StaleError):
    """It is withdrawn once."""

    message = N_("This gift was marked as a mistake already.")
