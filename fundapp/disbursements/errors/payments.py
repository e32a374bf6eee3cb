"""Why a payee, bank details or a payment are refused."""

from fundapp.errors import ForbiddenError, RuleError, StaleError
from fundapp.markers import N_


class VerifierError(ForbiddenError):
    """The actor verified the bank details of the request."""

    message = N_(
        "You verified the bank details of this request. Somebody else decides, pays and files the "
        "proof of receipt."
    )


class AccountNotVerifiedError(RuleError):
    """The bank details of the payee are not verified as they are now."""

    message = N_(
        "Nobody has verified the bank details of request %(number)s as they are now. Somebody who "
        "does none of the other steps verifies them first."
    )


class AccountRefutedError(RuleError):
    """Somebody found that these bank details do not fit, and nothing was changed since."""

    message = N_(
        "Somebody found that this account does not belong to the payee. That stays as long as the "
        "request says the same: it is returned and corrected, or cancelled and asked for anew."
    )


class NoAccountError(RuleError):
    """Bank details of a request that is paid in cash."""

    message = N_("This request is paid in cash: there are no bank details to verify.")


class AccountWordsError(RuleError):
    """Bank details that differ, without a word of what is wrong."""

    message = N_("Say what does not fit, without a name and without the number of the account.")


class NothingTickedError(RuleError):
    """A page of bank details on which nothing was ticked."""

    message = N_("Tick the lines whose bank details you have verified.")


class AccountNamesError(RuleError):
    """The answer file of the bank cannot be read."""

    message = N_(
        "Line %(line)s of the file cannot be read: it has the columns account and name, with one "
        "name for each account. Nothing was compared."
    )


class BankReferenceError(RuleError):
    """A reference of the bank that is words."""

    message = N_(
        "Enter the number that the bank gave, in letters, digits and signs, without words: "
        "for example KTB-12345."
    )


class StillOpenError(RuleError):
    """Words of a request on which somebody still works."""

    message = N_(
        "Somebody still has to work on this request. Its words can be erased once it is confirmed, "
        "rejected or cancelled."
    )


class PayeeNotOnFileError(RuleError):
    """A guardian or school that no file of the children names."""

    message = N_(
        "The payee is a guardian or school on the files of these children: %(names)s. Choose one "
        "of them, a vendor of the register, or “somebody else” with the reason; two approvers then "
        "decide."
    )


class VendorNotOnFileError(RuleError):
    """A vendor that is not in the register, is closed, or supplies other districts."""

    message = N_(
        "Choose a vendor of the register that is open and supplies the district of these children."
    )


class VendorMethodError(RuleError):
    """A way of payment for which the register has no account of the vendor."""

    message = N_(
        "The register has no account of this vendor for this way of payment. Choose the other one, "
        "or cash."
    )


class PayeeReasonError(RuleError):
    """Somebody else as the payee, without a reason."""

    message = N_("Write why somebody else takes the money, who it is, and how you know them.")


class PayeeNumberError(RuleError):
    """What is no identity or tax number, or the masked one of another payee."""

    message = N_(
        "This identity or tax number is not right. Compare all 13 digits with the card or the "
        "paper, or leave it empty: it is then written on the voucher by hand."
    )


class PayeeLeftFileError(RuleError):
    """A payee who was on the files when help was asked for, and is not any more."""

    message = N_(
        "The payee is not on the files of these children any more, or the vendor was changed or "
        "closed. Return the request, so that the payee is chosen again."
    )


class PaymentStoppedError(RuleError):
    """Something happened after the approval, and no approver has said what is to be done."""

    message = N_(
        "Stopped: since the approval a child's file was closed, a consent ended, the payee left "
        "the files, or the vendor was changed or closed. An approver cancels the request or lets "
        "the payment go on."
    )


class NotStoppedError(StaleError):
    """Letting a payment go that nothing stops."""

    message = N_("Nothing stops this payment now.")


class PayeeAccountError(RuleError):
    """A transfer without an account, or cash with one."""

    message = N_("A transfer needs the payee's account, and cash has none.")


class PayoutAccountError(RuleError):
    """An account that is not the fund's for this method of payment."""

    message = N_(
        "This request cannot be paid from that account. Zakat is paid from its own account."
    )


class PayoutDayError(RuleError):
    """A day of payment before the approval or in the future."""

    message = N_("The day of payment must be between the approval and today.")


class ComebackDayError(RuleError):
    """A day on which money came back before it was paid, or in the future."""

    message = N_("The day on which the money came back must be between the payment and today.")


class ShareOutError(RuleError):
    """Codes of children whose share cannot come back: unknown, of another request, or back."""

    message = N_(
        "No share of this payment can come back for %(codes)s: the code is wrong, the child is not "
        "in this request, or its share came back already. Correct or leave out these codes."
    )


class ShareSumError(RuleError):
    """Shares that do not come to what came back."""

    message = N_(
        "The shares of these children come to %(shares)s baht, and %(amount)s baht came back. "
        "Enter the children whose shares are exactly that."
    )


class AllSharesError(RuleError):
    """All shares of a payment, of which none came back before."""

    message = N_(
        "These are all children of the request. Record that the whole payment came back instead."
    )


class SharesBackError(RuleError):
    """A whole payment of which shares came back already."""

    message = N_(
        "Shares of this payment came back already, so it does not come back as a whole. Record the "
        "shares of the other children."
    )


class AmountStaysError(RuleError):
    """Another sum for a request that was approved before and could not be paid."""

    message = N_(
        "This request was approved for %(amount)s baht, and the amount stays. For another amount "
        "cancel it and ask again."
    )


class ReceiptDayError(RuleError):
    """A day of receipt before the payout or in the future."""

    message = N_("The day of receipt must be between the payment and today.")


class AccountNotedError(RuleError):
    """An account is noted once for each person."""

    message = N_("This account is noted for this person already.")


class SignedPaperMissingError(RuleError):
    """The answer "received" without the signed paper."""

    message = N_(
        "Attach the photograph or scan of the paper that the payee signed. Without a paper the "
        "payee can answer by the link on the voucher."
    )


class SlipMissingError(RuleError):
    """Filing a slip of the bank without the slip."""

    message = N_("Choose the picture or PDF of the bank's slip.")


class NotPaidYetError(RuleError):
    """An answer by a link before the fund recorded the payment."""

    message = N_("The fund has not recorded this payment yet. Open the link again in a few days.")


class ReceiptLinkOverError(StaleError):
    """A link that was answered, replaced by a newer voucher, or is too old."""

    message = N_(
        "This link cannot be answered any more: it was answered, a newer voucher was printed, or "
        "it is too old. Ask the office of the fund."
    )
