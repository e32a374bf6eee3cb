"""Errors of boxes and counts."""

from fundapp.errors import RuleError, StaleError
from fundapp.markers import N_


class BoxError(RuleError):
    """Something of a box is missing, or its number is taken."""

    message = N_("Another box has this number.")


class CountError(RuleError):
    """Something of a count is missing or does not fit."""

    message = N_("The day is still to come.")


class PiecesDifferError(RuleError):
    """Notes and coins come to something else than the total; both in baht."""

    message = N_(
        "The notes and coins come to %(pieces)s baht, the total says %(total)s baht. Count again."
    )


class BagUsedError(RuleError):
    """The number of a closed bag is used once."""

    message = N_("A count with this bag number is there already. Check the number on the bag.")


class DifferenceUnnamedError(RuleError):
    """The office's box holds something else than the books say; all in baht."""

    message = N_(
        "The books say %(books)s baht, you counted %(counted)s baht: a difference of "
        "%(difference)s baht. Count again, or choose below what explains it."
    )


class SameCounterError(RuleError):
    """Two people count: whoever counted first does not confirm it."""

    message = N_("You counted this yourself. Another person must count it and confirm it.")
    is_recorded = True


class TotalDiffersError(RuleError):
    """The second person counted something else."""

    message = N_(
        "This is not what the first person counted. Count the bag together. If the first count was "
        "wrong, refuse it below and record a new one."
    )


class CountDoneError(StaleError):
    """A count is confirmed or refused once."""

    message = N_("This count was confirmed or refused meanwhile. Look at it again.")
