"""The rules of samples."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class SampleDaysError(RuleError):
    """The last day does not come before the first."""

    message = N_("The last day must not come before the first.")


class NoPopulationError(RuleError):
    """A sample is drawn of something."""

    message = N_("No entry of these days is of this kind and fund. Choose other days.")


class PopulationTooLargeError(RuleError):
    """A population can be read while somebody waits."""

    message = N_("There are more than %(most)s entries. Choose fewer days, or one kind or fund.")


class NoRoomError(RuleError):
    """The expected error leaves room below the materiality."""

    message = N_(
        "The materiality must be more than %(factor)s times the expected error: so much is needed "
        "at this confidence."
    )


class SampleTooLargeError(RuleError):
    """Somebody checks each item."""

    message = N_(
        "That would be %(size)s entries; at most %(most)s can be drawn. Raise the materiality, "
        "lower the confidence, or choose fewer days."
    )


class SeedMissingError(RuleError):
    """A number drawn in public is typed."""

    message = N_("Type the number that was drawn in public.")


class SampleStateError(RuleError):
    """What a sample is now does not allow this."""

    message = N_("The state of the sample does not allow this any more. Look at it again.")


class PopulationChangedError(RuleError):
    """A sample is drawn of what was frozen."""

    message = N_(
        "The books do not give the frozen population any more. Run the checks, and freeze it anew."
    )


class ErrorAmountError(RuleError):
    """The error of an item is a part of its amount."""

    message = N_("Enter the error in baht: more than zero, and no more than %(amount)s.")


class PapersMissingError(RuleError):
    """A sample is closed when each item has its working paper."""

    message = N_("%(count)s items have no working paper yet.")
