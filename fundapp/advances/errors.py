"""The rules of petty cash and advances."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class AdvanceAmountError(RuleError):
    """An advance is small, and no more than lies in the cash box."""

    message = N_(
        "The fund has %(held)s baht in this cash box and %(available)s baht left; one advance is "
        "%(most)s baht at most. Give less."
    )


class AdvanceDayError(RuleError):
    """An advance is cleared soon."""

    message = N_("Choose a clearing date within %(days)s days from today.")


class AdvanceFundError(RuleError):
    """Restricted money and zakat stay with their purpose."""

    message = N_("Advances are given of an unrestricted fund only. Choose another fund.")


class AdvanceHolderError(RuleError):
    """A person of the staff, who has cleared what was due."""

    message = N_(
        "This person holds an advance past its clearing date. Clear it first, or choose somebody "
        "else."
    )


class OwnAdvanceError(RuleError):
    """Somebody else than its holder confirms it."""

    message = N_("Whoever holds an advance does not confirm it. Ask another administrator.")


class AdvanceClearedError(RuleError):
    """An advance is cleared once."""

    message = N_("This advance is cleared already. See what was spent and paid back below.")


class SpentError(RuleError):
    """No more is spent than was given."""

    message = N_(
        "The advance is %(most)s baht. Write what was spent of it, 0 when all of it is paid back; "
        "who spent more asks for it as a new advance."
    )


class BillsMissingError(RuleError):
    """What was spent is shown by papers."""

    message = N_("Send the receipts of what was spent as one picture or PDF.")
