"""The rules of exceptions."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class DismissedAlreadyError(RuleError):
    """An exception is looked at once; the reason stays."""

    message = N_("Somebody has written a reason already. It stays.")
