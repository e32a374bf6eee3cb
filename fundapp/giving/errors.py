"""The errors of giving."""

from fundapp.errors import DomainError, RuleError, StaleError
from fundapp.markers import N_
from fundapp.money import format_baht


class PledgeStateError(StaleError):
    """The pledge's state does not allow this action."""

    message = N_(
        "This pledge has changed meanwhile, so this is no longer possible. Look at it again."
    )


class BelowMinimumError(RuleError):
    """A fund may ask for a least amount. ``minimum`` is in baht."""

    message = N_(
        "This fund takes gifts from %(minimum)s baht on. Give more, or choose another fund."
    )


class PledgesRunError(RuleError):
    """A fund is closed when no pledge to it runs."""

    message = N_(
        "Pledges to this fund that still run: %(count)s. Let their donors know, and cancel the "
        "pledges first."
    )


class FundClosedToGiftsError(RuleError):
    """The fund does not exist or takes no gifts."""

    message = N_("This fund does not take gifts at present. Choose another fund.")


class FundPausedError(RuleError):
    """Donors of a fund that is frozen or closed promise it no more than they have."""

    message = N_(
        "This fund takes no gifts at present, so a pledge to it is neither raised nor resumed. "
        "Please ask the office."
    )


class ScheduleError(RuleError):
    """An amount and a number of instalments do not go together."""

    message = N_("The amount is too small for so many instalments. Choose fewer instalments.")


class SplitError(RuleError):
    """A gift cannot be divided over these funds, or not so."""

    message = N_("Check the parts for the funds: they do not fit together.")


class ZakatApartError(SplitError):
    """Zakat shares no account at a bank with other money."""

    message = N_(
        "Zakat is kept apart from all other money, so one payment cannot be divided between them. "
        "Make two gifts: one to the zakat fund, and one to the others."
    )


class NoSharedAccountError(SplitError):
    """One payment arrives on one account."""

    message = N_(
        "The money of these funds is kept in different accounts, so one payment cannot be divided "
        "between them. Make one gift to each fund."
    )


class PledgeReasonError(RuleError):
    """Whoever changes something for a donor says why."""

    message = N_("Say why the donor wants this, for example: called on 3 June, gives less now.")


class UnknownReferenceError(RuleError):
    """No instalment carries this reference."""

    message = N_("No pledge carries this reference. Check it, or leave it empty.")


class IncomingPaymentError(RuleError):
    """The details of an incoming payment contradict each other or a rule."""

    message = N_("Check the details of this payment: they do not fit together.")


class PledgeKnownError(RuleError):
    """The form made a pledge before, with other content: the one with this ``token``."""

    message = N_("You have already pledged %(amount)s baht with this form.")

    def __init__(self, *, token: str, amount_satang: int) -> None:
        self.token = token
        super().__init__(params={"amount": format_baht(amount_satang)})


class LetGoRefusedError(RuleError):
    """The difference is larger than the fund lets go, or no open instalment was named."""

    message = N_(
        "The difference of %(difference)s baht is more than this fund lets go (%(limit)s baht). "
        "Match it without letting anything go."
    )


class PaymentKnownError(DomainError):
    """The same bank line or slip was recorded before, with other content."""

    message = N_("This money was recorded already, with other details. Look at the first payment.")


class PaymentRefUsedError(PaymentKnownError):
    """The payment with this ``public_id`` has the same external reference and other content."""

    message = N_("A payment of %(amount)s baht was recorded already with the same form or line.")

    def __init__(self, *, public_id: str, amount_satang: int) -> None:
        self.public_id = public_id
        super().__init__(params={"amount": format_baht(amount_satang)})


class PaymentReversedError(StaleError):
    """A payment is reversed, or returned by the bank, once at most."""

    message = N_("This payment does not count any more: it was reversed or returned already.")


class NotReturnableError(RuleError):
    """No bank had this money, so none returns it."""

    message = N_("No bank returns cash. Reverse the payment if it was recorded wrongly.")


class ReturnDayError(RuleError):
    """The bank returns a payment after it came, and not on a day that is still to come."""

    message = N_(
        "Enter the day on which the bank took the money back: not before it came, and no later "
        "than today."
    )


class AlreadyConnectedError(StaleError):
    """A donor has one user account at most."""

    message = N_("This donor is connected with a user account already.")


class NoDonorAccountError(RuleError):
    """No user has this address, or the user is no donor. Both have one sentence, so that nobody
    finds out by it who works for the fund.
    """

    message = N_(
        "No user with the role of donor has this address. Check it, or ask an administrator to add "
        "the user."
    )


class UnknownGiverError(RuleError):
    """The row of all unknown givers is nobody's."""

    message = N_(
        "This stands for everybody who gave without a name. "
        "Only a donor with a name or an e-mail address can be connected."
    )


class NotMergeableError(RuleError):
    """Which donors can be merged: `fundapp.giving.policy.is_mergeable`."""

    message = N_(
        "These two cannot be merged like this: one of them is part of another merge, or the one to "
        "be merged has a user account. Look at both files again."
    )


class OthersGiftError(StaleError):
    """The pledge's donor is connected with another account than the one that confirms it."""

    message = N_(
        "This gift belongs to somebody with another account. Please ask the office if it is yours."
    )


class HiddenFieldFilledError(RuleError):
    """A field that no page shows was filled in, as programs do."""

    message = N_(
        "A program seems to have filled in this form. Nothing was saved. "
        "Look it through and send it again."
    )


class CardPaymentError(RuleError):
    """What came through the card processor is given back there, and then appears in the books."""

    message = N_(
        "This payment came through the card processor, so it is not reversed by hand. Ask for a "
        "refund on its page."
    )


class RefundAmountError(RuleError):
    """No more is given back than counts. ``most`` is in baht."""

    message = N_("Give back more than nothing and at most %(most)s baht.")


class PartOfRefundError(RuleError):
    """What was kept of a refunded gift, or given again, did not come in by itself."""

    message = N_(
        "This was kept or given again when a gift was refunded, so it is not reversed by itself. "
        "Ask for a refund of it, or book that the bank took the gift back."
    )


class NotRefundableError(RuleError):
    """Only a payment that counts is given back, one refund after the other."""

    message = N_(
        "This payment cannot be refunded now: it does not count any more, or another refund of it "
        "is on its way."
    )


class RefundWayError(RuleError):
    """What came through the card processor goes back there, everything else in another way."""

    message = N_(
        "What came through the card processor goes back there. Choose for everything else whether "
        "it is transferred or paid in cash."
    )


class RefundStepError(StaleError):
    """The refund is at another step by now."""

    message = N_("This refund has moved on meanwhile. Look at it again.")


class RefundHandsError(RuleError):
    """An account is verified by another person than who entered it, and the money paid by another
    person than who verified the account or confirmed the refund.
    """

    message = N_(
        "Another person has to do this: whoever pays a refund has neither confirmed it nor "
        "verified its account, and whoever verifies an account has not entered it."
    )


class RefundAccountError(RuleError):
    """The money of the fund is not in this account."""

    message = N_("Choose an account in which the fund keeps money for this way of paying.")


class RefundDayError(RuleError):
    """A refund is paid after it was confirmed, and not on a day that is still to come."""

    message = N_("Enter the day of payment: not before the refund was confirmed, nor after today.")


class AlreadyAskedError(RuleError):
    """A donor asks once at a time."""

    message = N_("This refund is asked for already. You can follow it on this page.")


class CardAmountError(RuleError):
    """The processor takes from 10 baht to 999,999.99 baht at a time."""

    message = N_(
        "Cards are taken from 10.00 to 999,999.99 baht at a time. Pay this part another way."
    )


class NothingToPayError(RuleError):
    """The instalment is paid, or cannot be paid by card."""

    message = N_("There is nothing to pay here by card. Look at the page again.")


class ProcessorDiffersError(RuleError):
    """What the processor says does not add up, or contradicts the books. ``about`` is its id."""

    message = N_("What the card processor says of %(about)s does not agree with the books.")


class ReceiptVoidError(StaleError):
    """A void receipt is neither replaced nor entered anywhere."""

    message = N_("This receipt is void. Look for the one that replaces it.")


class ReceiptPdfChangedError(RuleError):
    """The PDF of a receipt would not be the file that it was when it was first made."""

    message = N_(
        "The PDF of this receipt cannot be made as it was before. The receipt itself is unchanged: "
        "its page shows it. Tell the office."
    )


class DonorKnownError(RuleError):
    """Another donor has this address, name and kind: merging makes one of the two."""

    message = N_(
        "Another donor of this name has that address. If it is the same donor, merge the two files."
    )


class UnknownDonorError(RuleError):
    """The row of everybody who gave without a name is nobody's."""

    message = N_("This is everybody who gave without a name. Choose one donor.")


class SlipNotNeededError(RuleError):
    """Nothing of the pledge is to be paid, so no slip is taken for it."""

    message = N_("Nothing is to be paid here at present, so no slip is needed.")


class SlipsWaitError(RuleError):
    """Many slips of the donor wait already."""

    message = N_(
        "20 slips of yours wait already. The office compares them with the bank; send this one "
        "when they are done."
    )


class SlipDecidedError(StaleError):
    """Somebody has dealt with the slip meanwhile."""

    message = N_("Somebody has dealt with this slip meanwhile. Look at it again.")


class SlipUsedError(RuleError):
    """The payment does not count or has a slip, or a slip of the same transfer is confirmed."""

    message = N_(
        "This payment has a slip already, or a slip of the same transfer is counted for another "
        "gift. Look at both, and reject the one that is not right."
    )
