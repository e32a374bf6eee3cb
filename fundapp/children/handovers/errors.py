"""Why a hand-over is refused. No sentence holds a name."""

from fundapp.errors import RuleError, StaleError
from fundapp.markers import N_


class NoChildChosenError(RuleError):
    """Nobody was picked from the list."""

    message = N_("Choose at least one child from the list.")


class TooManyChosenError(RuleError):
    """More than one page of the list."""

    message = N_("Choose at most 200 children at once.")


class NotManagerThereError(RuleError):
    """The next one is no case manager of the child's district."""

    message = N_("Choose a case manager of the child's district who is not responsible already.")


class OwnHandoverError(RuleError):
    """Somebody hands a child over to itself."""

    message = N_(
        "Choose another person than yourself: whoever takes a child over did not ask for it."
    )


class NotResponsibleError(RuleError):
    """Somebody else is responsible for the child."""

    message = N_(
        "Another case manager is responsible for this child. Ask that person or a supervisor of "
        "the district."
    )


class HandedOverError(RuleError):
    """A hand-over of this child waits already."""

    message = N_(
        "One of these children is being handed over already. Take that back first, or wait until "
        "it is taken."
    )


class HandoverSettledError(StaleError):
    """It was taken or taken back meanwhile."""

    message = N_("This has been settled already. Look at the file again.")
