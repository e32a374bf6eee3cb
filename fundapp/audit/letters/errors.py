"""What letters refuse."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class SampleNotDrawnError(RuleError):
    """Letters are about the items of a drawn sample."""

    message = N_("Draw the sample first: the letters are about its items.")


class NobodyToAskError(RuleError):
    """No item is a gift of a known donor or help that was paid."""

    message = N_(
        "No item of this sample is a gift of somebody whom the fund knows, or help that was paid. "
        "There is nobody to ask."
    )


class AlreadyAnsweredError(RuleError):
    """The link of a letter is used once."""

    message = N_("This letter is answered already. Write to the auditor if something has changed.")


class ReplyAmountError(RuleError):
    """Whoever says otherwise says how much it was."""

    message = N_("Write the amount as you know it; 0 if there was none.")


class SentDayError(RuleError):
    """A letter is sent after it is made, and not in days to come."""

    message = N_("Choose a day from that on which the letter was made until today.")


class SentAlreadyError(RuleError):
    """When a letter was sent is noted once; the day stays."""

    message = N_("Another day is noted already on which this letter was sent. It stays.")
