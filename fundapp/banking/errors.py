"""What banking refuses. `statement_files.parsed.StatementRejected` refuses a file, with a list of
errors.
"""

from fundapp.errors import RuleError, StaleError
from fundapp.markers import N_


class UnknownProfileError(RuleError):
    """There is no style of statement of this name."""

    message = N_("There is no such style of statement. Choose one of the list.")


class ProfileRefusedError(RuleError):
    """A style of statement could not read any file, or would read it in two ways."""

    message = N_("Check the style: no file can be read with it.")


class AccountStateError(RuleError):
    """It is so already."""

    message = N_("This bank account is in that state already.")


class UnknownBankAccountError(RuleError):
    """The fund has no bank account of this code."""

    message = N_("The fund has no bank account of this name. Choose one of the list.")


class BankAccountRefusedError(RuleError):
    """The details of a new bank account do not fit together."""

    message = N_("Check the details of the bank account: they do not fit together.")


class ImportUndoneError(StaleError):
    """The import of this statement has been undone already."""

    message = N_("Somebody has taken back this import already.")


class ImportInUseError(RuleError):
    """A line that only this import brought is matched."""

    message = N_(
        "Lines that only this file has are matched. Undo their matches first; then take the import "
        "back."
    )


class ImportNeededError(RuleError):
    """A newer file states what this import changed of days that were over."""

    message = N_("“%(file)s” builds on this statement. Take that import back first.")


class LineTakenError(StaleError):
    """The line has been matched or put aside since the page was opened."""

    message = N_("Somebody has dealt with this line meanwhile. Look at it again.")


class PartlyMatchedError(RuleError):
    """A part of the line is matched, and this is for whole lines."""

    message = N_("A part of this line is matched. Match the rest, or undo that match first.")


class SplitRefusedError(RuleError):
    """The parts of a line do not add up to it, or one of them cannot be read."""

    message = N_(
        "The parts must add up to %(open)s baht, which is what is not matched yet. "
        "They are %(sum)s baht."
    )


class PartRefusedError(RuleError):
    """A part of a line cannot be recorded: ``place`` counts from 0, ``error`` says why."""

    def __init__(self, place: int, error: RuleError) -> None:
        super().__init__(error.message, field=error.field, params=error.params)
        self.place = place


class TargetTakenError(StaleError):
    """The payment, payout or entry is matched to another line already."""

    message = N_("This belongs to another line of a statement already. Look at the line again.")


class InstalmentChangedError(StaleError):
    """Less or more of the instalment is open than the page said on which it was chosen."""

    message = N_("This instalment was paid meanwhile. Look at the line again.")


class LineWaitsError(RuleError):
    """The text of a line is needed until the line is matched or ignored."""

    message = N_(
        "This line still waits to be matched, and its text is needed for that. Match it or ignore "
        "it first."
    )


class WrongDirectionError(RuleError):
    """Money in is matched to money in, money out to money out."""

    message = N_("Money that came in cannot be matched to money that went out, or the reverse.")


class DoesNotFitError(RuleError):
    """Amount or bank account of the line and of what it is matched to differ."""

    message = N_("Amount and bank account must be the same as those of the line.")


class VoucherUnknownError(RuleError):
    """A voucher of no payment out of the account that stands."""

    message = N_(
        "There is no payment with this voucher out of this account, or all of it came back. The "
        "number begins with PV and is on the voucher and on the page of the request."
    )


class NotTheBanksOwnError(RuleError):
    """The bank's text does not say that the line is a fee, a tax or interest."""

    message = N_(
        "The bank does not call this line a fee, a tax or interest, so it is not booked as one."
    )


class TransferRefusedError(RuleError):
    """The details of a transfer between the fund's own accounts do not fit together."""

    message = N_("Check the details of the transfer: they do not fit together.")


class NoGeneralFundError(RuleError):
    """No fund keeps money in the account, so nothing can bear the bank's fees there."""

    message = N_("No fund keeps its money in this account, so this cannot be booked on any.")


class LineReasonMissingError(RuleError):
    """Putting a line aside and undoing a match need a reason."""

    message = N_("Say why, in a few words.")
