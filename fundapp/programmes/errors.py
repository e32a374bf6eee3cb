"""The rules of phases."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class PhaseDaysError(RuleError):
    """A phase ends after it began."""

    message = N_("The last day is before the first one. Change one of them.")


class PhaseDistrictsError(RuleError):
    """A phase works somewhere."""

    message = N_("Choose at least one district.")


class TargetPlaceError(RuleError):
    """A target is for a district of its phase, or for all of them."""

    message = N_("Choose one of the districts of the phase, or all of them.")


class TargetGroupsError(RuleError):
    """A target says how many children, and of which groups."""

    message = N_("Write how many children, and choose the groups that count.")
