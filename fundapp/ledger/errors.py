"""What the books refuse."""

from fundapp.errors import DomainError, RuleError
from fundapp.markers import N_


class LetGoLimitError(RuleError):
    """A fund lets go of a small difference only."""

    message = N_("A fund lets go of 0 to %(most)s baht. Choose an amount between.")


class FundCodeError(RuleError):
    """Codes are in the books and in files that others read."""

    message = N_("Use 1 to 20 capital letters, digits and hyphens, a letter first.")


class FundKnownError(RuleError):
    """A code names one fund."""

    message = N_("There is a fund %(code)s already.")


class FundSettingError(RuleError):
    """A text or an amount of a fund cannot be as it was given."""


class FundAccountError(RuleError):
    """An account of the chart is not of the kind that a fund names in this place."""

    message = N_("Account %(account)s cannot be used for this. Choose one that is offered.")


class FundAccountsMissingError(RuleError):
    """A fund's money lies somewhere."""

    message = N_("Choose one bank account or cash box at least: the money has to lie somewhere.")


class FundAccountInUseError(RuleError):
    """Money of the fund lies in an account that is to be taken away."""

    message = N_(
        "There are still %(amount)s baht of this fund in account %(account)s. Move them to another "
        "account of the fund first, then take this one away."
    )


class FundStatusError(RuleError):
    """The fund's state does not allow it. ``status`` is the state."""

    message = N_(
        "The fund's state is now “%(status)s”; perhaps somebody changed it after you opened the "
        "page. Nothing was changed this time. Look at it again before you decide."
    )


class FundHoldsMoneyError(RuleError):
    """A fund is closed when it is empty. ``account`` is a code with its name, ``amount`` is in
    baht.
    """

    message = N_(
        "There are still %(amount)s baht of this fund in account %(account)s. Pay the money out as "
        "help first; what was approved has to be paid too."
    )


class FundClosedError(RuleError):
    """A closed fund takes no entry."""

    message = N_(
        "This fund is closed. Choose another fund, or let two people open it again under Settings."
    )


class FundFrozenError(RuleError):
    """A frozen fund approves, pays and moves nothing."""

    message = N_(
        "This fund is frozen: nothing is approved, paid or moved until two people open it again "
        "under Settings. Nothing has been booked."
    )


class BankAccountFrozenError(RuleError):
    """Nothing is paid or moved out of a frozen bank account."""

    message = N_(
        "This bank account is frozen: nothing is paid or moved out of it until two people release "
        "it under Settings. Choose another account. Nothing has been booked."
    )


class InsufficientFundsError(RuleError):
    """The fund has less available than the entry takes."""

    message = N_("The fund does not have enough money left for this. Nothing has been booked.")


class BudgetLineSpentError(RuleError):
    """Help would take more than is left on a budget line of a grant whose rule refuses that."""

    message = N_(
        "This takes more than is left on the budget line of the fund's grant, and the line refuses "
        "that. Nothing has been booked. Choose another fund or less money, or ask the grantor."
    )


class FundShortError(InsufficientFundsError):
    """The fund has a shortage, so nothing is taken out of it."""

    message = N_(
        "The bank took back money of this fund that was already spent. Until money that comes in "
        "has covered this shortage, nothing more can be taken out. Nothing has been booked."
    )


class AccountShortError(RuleError):
    """The account has less of the fund than the entry takes. ``held`` is an amount in baht."""

    message = N_(
        "Account %(account)s has only %(held)s baht of this fund. Nothing has been booked. Choose "
        "another account, or move money of this fund there first."
    )


class PeriodNotOverError(RuleError):
    """A month is closed after its last day only. ``ends_on`` is that day."""

    message = N_("This month is not over. It can be closed after %(ends_on)s.")


class PeriodBlockedError(RuleError):
    """Something that blocks is not dealt with. ``count`` says how many items of the list."""

    message = N_(
        "This month cannot be closed yet. Items that block it: %(count)s. The page of the month "
        "under Closing of months says what is left and leads there."
    )


class YearClosedError(RuleError):
    """A fiscal year that ends later is closed. ``ends_on`` is its last day."""

    message = N_(
        "The fiscal year that ends on %(ends_on)s is closed. Open its last month again first: that "
        "takes the closing of the year back."
    )


class ReopeningNotAgreedError(RuleError):
    """A month is opened again as one person proposed and another confirmed."""

    message = N_("A closed month is opened again by two people: one proposes it, another confirms.")


class YearEndError(RuleError):
    """The closing of a fiscal year is not reversed like another entry."""

    message = N_(
        "This entry closes a fiscal year. It is taken back by opening the last month of that year "
        "again, which two people do."
    )


class PeriodNotClosedError(RuleError):
    """Only a closed month is opened again."""

    message = N_("This month takes entries already.")


class NotADonationError(RuleError):
    """A bank takes gifts back, nothing else."""

    message = N_("Only a gift can be taken back by the bank. Reverse this entry instead.")


class PeriodClosedError(RuleError):
    """The month of the day is closed, or the books have no such month."""

    message = N_("The books are closed for that day. Choose a day in an open month.")


class OtherAccountError(RuleError):
    """The fund may not keep money in this account."""

    message = N_(
        "The money of this fund is not kept in this account. Choose a fund that is kept here. Or "
        "put the line on hold, transfer the money at the bank to the fund's own account, and match "
        "the line that arrives there."
    )


class IdempotencyConflictError(DomainError):
    """An idempotency key was used again with other content."""

    message = N_("This was already booked with other content. Look at the existing entry first.")


class MoreCameBackError(RuleError):
    """A part of help that came back, of more than is left of what was approved."""

    message = N_("More would come back than is left of the help that was approved.")


class PartCameBackError(RuleError):
    """Undoing help, or its payment, of which a part came back."""

    message = N_("A part of this help came back already, so the rest comes back share by share.")


class AlreadyReversedError(RuleError):
    """An entry is reversed once at most."""

    message = N_("This entry has been reversed already.")


class PersonalDataError(RuleError):
    """A memo is public for ever, so it may not carry an id number, an account number, a telephone
    number or an e-mail address. The sentence is that of the kind, and quotes the words.
    """


class WaitsNoLongerError(RuleError):
    """More is taken from the money that waits than there is of the fund."""

    message = N_(
        "Less money waits there than this takes: it was given back or moved on already. Undo that "
        "first."
    )


class BooksNotAsSignedError(RuleError):
    """The database is not the one that the last checkpoint was signed for."""

    message = N_(
        "Nothing is posted: the books are not those that were signed last (%(fault)s). An "
        "administrator has to look at it first."
    )


class WitnessKeyError(RuleError):
    """A witness has a verifier key of its own kind, and an address."""

    message = N_("This is no verifier key of a witness: %(fault)s.")


class WitnessUrlError(RuleError):
    """A witness is asked at an address of the web."""

    message = N_("Write the address of the witness with https:// or http://.")


class WitnessKnownError(RuleError):
    """The name of a witness is that of one key."""

    message = N_("There is a witness %(name)s with another key.")


class NothingToBeginAnewError(RuleError):
    """A log begins anew only when the books are not those that were signed last."""

    message = N_("The books are those that were signed last. There is nothing to begin anew.")
