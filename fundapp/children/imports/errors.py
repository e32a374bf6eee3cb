"""Why a list of children is not taken over."""

from fundapp.errors import RuleError, StaleError
from fundapp.markers import N_


class ChildColumnsError(RuleError):
    """The columns do not say enough."""

    message = N_("Choose the column of this as well: without it no child can be registered.")


class ChildImportChangedError(StaleError):
    """What it would bring is no longer what the preview showed."""

    message = N_(
        "The file, the columns or the children have changed since this preview. Look at it again."
    )


class ProfileOwnerError(RuleError):
    """Whoever kept the profile registers the children, and may not any more."""

    message = N_(
        "The files are registered by whoever kept the profile, and this person is no case manager "
        "any more. A case manager keeps the columns under this name again."
    )
