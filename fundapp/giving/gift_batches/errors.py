"""Errors of batches and of lists of givers."""

from fundapp.errors import RuleError, StaleError
from fundapp.markers import N_


class BatchError(RuleError):
    """Something of a batch or of a row is missing or does not fit."""

    message = N_("The day is still to come.")


class BatchDoneError(StaleError):
    """A batch is posted or cancelled once."""

    message = N_("This batch was posted or cancelled meanwhile. It does not change any more.")


class BatchDiffersError(RuleError):
    """The rows are not what was expected; amounts in baht."""

    message = N_(
        "Expected are %(expected_count)s gifts of %(expected)s baht in all; recorded are %(count)s "
        "of %(sum)s baht. Find the difference before you post."
    )


class BatchFullError(RuleError):
    """A batch holds no more rows."""

    message = N_("A batch holds at most %(most)s gifts. Begin another one for the rest.")


class ListDiffersError(RuleError):
    """The list comes to something else than the transfer; both in baht."""

    message = N_(
        "The list comes to %(sum)s baht, the transfer to %(open)s baht. They must be the same."
    )
