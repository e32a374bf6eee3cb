"""Errors of publishing figures, and of mailing checkpoints."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class MonthNotOverError(RuleError):
    """A month is published after its last day only. ``month`` is written YYYY-MM."""

    message = N_(
        "%(month)s is not over. Its figures can be published from 01:00 on the first day of the"
        " month after it."
    )


class HolderAddressError(RuleError):
    """Each holder is an address of e-mail. ``address`` is what was written."""

    message = N_("%(address)s is no e-mail address. Write one address in each line.")


class TooManyHoldersError(RuleError):
    """Checkpoints are for a handful of holders who keep them."""

    message = N_("Write at most %(most)s addresses.")
