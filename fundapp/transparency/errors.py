"""Errors of publishing figures."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class MonthNotOverError(RuleError):
    """A month is published after its last day only. ``month`` is written YYYY-MM."""

    message = N_("%(month)s is not over. Its figures can be published on the first of next month.")
