"""Why a visit that a phone sends is refused. No sentence holds a name."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class NoSuchCodeError(RuleError):
    """No child of the sender's districts has this code."""

    message = N_(
        "No child of your districts has this code. Write it as it stands in the file, such as "
        "C-7K3M9QX."
    )


class SentElsewhereError(RuleError):
    """The draft was written into the file of another child before."""

    message = N_(
        "This draft was written into the file of another child already. Delete it here, and write "
        "a new one for this child."
    )
