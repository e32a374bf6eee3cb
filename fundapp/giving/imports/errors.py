"""Why a spreadsheet is not taken over."""

from fundapp.errors import RuleError, StaleError
from fundapp.markers import N_


class ImportChangedError(StaleError):
    """What it would bring is no longer what the preview showed."""

    message = N_(
        "The file, the columns or the donors have changed since this preview. Look at it again."
    )


class BookingNotSeenError(RuleError):
    """It would book past gifts, and nobody said that this is meant. ``amount`` is in baht."""

    message = N_("This books past gifts of %(amount)s baht. Tick the box if that is what you want.")


class OtherMappingError(RuleError):
    """The same file was taken over before with other columns."""

    message = N_(
        "This same file was taken over before with other columns. To fill empty fields, choose "
        "that rows add nothing."
    )


class MappingError(RuleError):
    """The columns do not say enough."""

    message = N_("Choose the column that holds the names.")
