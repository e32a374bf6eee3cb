"""What banking refuses. A file that is refused is `fundapp.banking.parsed.StatementRejected`."""

from fundapp.errors import RuleError, StaleError
from fundapp.markers import N_


class UnknownProfileError(RuleError):
    """There is no style of statement of this name."""

    message = N_("There is no such style of statement. Choose one of the list.")


class UnknownBankAccountError(RuleError):
    """The fund has no bank account of this code."""

    message = N_("The fund has no bank account of this name. Choose one of the list.")


class BankAccountRefusedError(RuleError):
    """A bank account cannot be opened as it was described."""

    message = N_("Check the details of the bank account: they do not fit together.")


class LineTakenError(StaleError):
    """Somebody dealt with the line meanwhile."""

    message = N_("Somebody has dealt with this line meanwhile. Look at it again.")


class TargetTakenError(StaleError):
    """The payment or payout belongs to another line already."""

    message = N_("This belongs to another line of a statement already. Look at the line again.")


class WrongDirectionError(RuleError):
    """Money in is matched to money in, money out to money out."""

    message = N_("Money that came in cannot be matched to money that went out, or the reverse.")


class DoesNotFitError(RuleError):
    """Amount or bank account of the line and of what it is matched to differ."""

    message = N_("Amount and bank account must be the same as those of the line.")


class NotTheBanksOwnError(RuleError):
    """The bank's text does not say that the line is a fee, a tax or interest."""

    message = N_(
        "The bank does not call this line a fee, a tax or interest, so it is not booked as one."
    )


class OtherAccountError(RuleError):
    """The money of this fund lies at another account of the bank."""

    message = N_("The money of this fund is kept in another bank account. Choose another fund.")


class CashShortError(RuleError):
    """More is moved than the books have of this fund in that place."""

    message = N_(
        "The books have only %(held)s baht of this fund there. Record what is missing first, "
        "or choose another fund."
    )


class NoGeneralFundError(RuleError):
    """There is no unrestricted fund to carry the bank's fees and interest."""

    message = N_("There is no unrestricted fund to book this on. Open one first.")


class ReasonMissingError(RuleError):
    """A line is not put aside, and a match is not undone, without a reason."""

    message = N_("Say why, in a few words.")
