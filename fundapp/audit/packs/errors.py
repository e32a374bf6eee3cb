"""What packs refuse."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class PackDaysError(RuleError):
    """A pack covers days that are over, in their order, of three years at most."""

    message = N_(
        "Choose a first day, and a last day that is not before it and not to come, within three "
        "years."
    )
