"""Errors of publishing figures."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class MonthNotOverError(RuleError):
    """A month is published after its last day only. ``month`` is written YYYY-MM."""

    message = N_(
        "%(month)s is not over. Its figures can be published from 01:00 on the first day of the"
        " month after it."
    )
