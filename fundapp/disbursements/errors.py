"""Why something cannot be done with a request, in sentences a person can act on."""

from fundapp.errors import ForbiddenError, RuleError, StaleError
from fundapp.markers import N_


class ThreePeopleError(ForbiddenError):
    """The actor asked for the request or decided on it already."""

    message = N_(
        "Asking, approving and paying are done by three different people. "
        "Somebody else has to do this."
    )


class ResetTogetherError(RuleError):
    """The same administrator reset two of the three people, and may be both."""

    message = N_(
        "The same administrator reset your sign-in and that of somebody who asked for this or "
        "approved it, on paper within the last seven days. Somebody else has to do this, or you "
        "wait until the seven days are over."
    )


class InterestDeclaredError(ForbiddenError):
    """The actor declared an interest in the request."""

    message = N_("You declared an interest in this request. Somebody else decides on it.")


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


class NotYoursError(ForbiddenError):
    """The step is for another role, district or person."""

    message = N_(
        "This step belongs to somebody else. You can look at the request, but not do this."
    )


class WrongStateError(StaleError):
    """The action is not possible in the state that the request is in now."""

    message = N_(
        "This is not possible any more: somebody has taken the request further. See below."
    )


class FactsChangedError(StaleError):
    """What is stored is not what was asked for or approved."""

    message = N_(
        "The request is not what it was when it was sent in. Nothing was done. "
        "Tell the auditor before going on."
    )


class RequestKnownError(RuleError):
    """The same form sent a request before, with other content."""

    message = N_(
        "With this form you have already sent request %(number)s, which says something else. "
        "Nothing was sent now. If you want a second request, send the form again."
    )


class NoLinesError(RuleError):
    """A request without a child."""

    message = N_("Tick at least one child and enter an amount for each.")


class OneDistrictError(RuleError):
    """Children of several districts in one request."""

    message = N_(
        "All children of one request live in one district. Make one request for each district."
    )


class ChildTwiceError(RuleError):
    """The same child on two lines."""

    message = N_("A child can be in a request only once. Put the amounts together.")


class UnknownCodeError(RuleError):
    """A code that no child of the actor has."""

    message = N_("None of your children has the code %(code)s.")


class NoConsentError(RuleError):
    """The file is closed or has no valid consent, so no help can be asked for or approved."""

    message = N_(
        "The file of child %(code)s is closed or has no valid consent. "
        "Put that right in the file first."
    )


class WaitingFileError(RuleError):
    """A supervisor has not decided yet whether the child has another file."""

    message = N_(
        "The file of child %(code)s waits until a supervisor has decided whether the child has "
        "another file."
    )


class NoSensitiveConsentError(RuleError):
    """Help with health for a child without the consent to such facts."""

    message = N_(
        "Help with health says something of the child's health. For child %(code)s nobody has "
        "consented to that: record this consent in the file first."
    )


class NoZakatConsentError(RuleError):
    """Zakat for a child without the consent to keep its zakat group."""

    message = N_(
        "Zakat says something of the child's religion. For child %(code)s nobody has consented to "
        "that: record the consent to keep the zakat group in the file first."
    )


class RequestsOpenError(RuleError):
    """A fund is closed when none of its requests is open."""

    message = N_(
        "%(count)s requests for help from this fund are open. Decide on them, pay what is approved "
        "and file the proofs of receipt first."
    )


class OverChildCapError(RuleError):
    """More for a child than the rules of help allow in a fiscal year."""

    message = N_(
        "A child gets at most %(cap)s baht in a fiscal year. For child %(code)s %(left)s baht are "
        "left, with what is asked for and approved already. Ask for less, or wait for the next "
        "year."
    )


class OverHouseholdCapError(RuleError):
    """More for a household than the rules of help allow in a fiscal year."""

    message = N_(
        "A household gets at most %(cap)s baht in a fiscal year. For the household of child "
        "%(code)s %(left)s baht are left, with what is asked for and approved already. Ask for "
        "less, or wait for the next year."
    )


class RulesDayError(RuleError):
    """Rules of help that would begin before today, or on the day of others."""

    message = N_("The rules begin today or later, on a day on which no others begin.")


class BandsError(RuleError):
    """Bands that do not rise."""

    message = N_(
        "Write the bands from the smallest amount to the largest, each with an amount and a number "
        "of people; a larger amount needs more people."
    )


class CapsError(RuleError):
    """A household that may get less than one of its children."""

    message = N_("A household gets at least as much as one child.")


class UnknownFundError(RuleError):
    """No such fund, or one that takes no requests."""

    message = N_("Choose a fund from the list.")


class ReasonMissingError(RuleError):
    """Returning, rejecting or cancelling without a reason."""

    message = N_("Write the reason, so that the person who asked knows what to do.")


class NamedError(RuleError):
    """A reason that names a child, a guardian or the payee of the request."""

    message = N_(
        "“%(words)s” names a child, a guardian or the payee of this request. "
        "Write it without the name: more people read this than may know it."
    )
    message_in_trail = N_("The text named a child, a guardian or the payee of the request.")
    is_recorded = True


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
        "of them, or “somebody else” with the reason; two approvers then decide."
    )


class PayeeReasonError(RuleError):
    """Somebody else as the payee, without a reason."""

    message = N_("Write why somebody else takes the money, who it is, and how you know them.")


class PayeeLeftFileError(RuleError):
    """A payee who was on the files when help was asked for, and is not any more."""

    message = N_(
        "The payee is not on the files of these children any more. Return the request, so that "
        "another payee is chosen."
    )


class PaymentStoppedError(RuleError):
    """Something happened after the approval, and no approver has said what is to be done."""

    message = N_(
        "Stopped: since the approval a child's file was closed, a consent ended, or the payee left "
        "the files. An approver cancels the request or lets the payment go on."
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


class AmountStaysError(RuleError):
    """Another sum for a request that was approved before and could not be paid."""

    message = N_(
        "This request was approved for %(amount)s baht, and the amount stays. For another amount "
        "cancel it and ask again."
    )


class ReceiptDayError(RuleError):
    """A day of receipt before the payout or in the future."""

    message = N_("The day of receipt must be between the payment and today.")


class NoteMissingError(RuleError):
    """A problem without a note."""

    message = N_("Write what happened to the money.")


class OpeningReasonError(RuleError):
    """Whoever sees names in an audit says why."""

    message = N_("Write why you need to see the names, in ten letters or more.")


class EndedConsentError(RuleError):
    """What a consent hides stays hidden, whatever the reason."""

    message = N_("A consent has ended. What it hides stays hidden, for auditors too.")


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


class OutsideNeedsError(RuleError):
    """The rules of the fund do not name the purpose."""

    message = N_(
        "The rules of this fund do not allow this purpose. Choose another fund, or another purpose "
        "that it allows."
    )


class OutsideDistrictsError(RuleError):
    """The rules of the fund do not name the district."""

    message = N_("The rules of this fund do not allow help in this district. Choose another fund.")


class OutsideAgesError(RuleError):
    """Children outside the ages of the fund's rules."""

    message = N_(
        "This fund helps children from %(first)s to %(last)s years. These children have another "
        "age (in years): %(children)s. Leave them out, or choose another fund."
    )


class OutsideGroupsError(RuleError):
    """Children in none of the groups of the fund's rules."""

    message = N_(
        "These children are in none of the target groups that this fund helps: %(children)s. "
        "Leave them out, choose another fund, or correct the group in the file where it is wrong."
    )


class NoZakatGroupError(RuleError):
    """Zakat for children of whom no group that is entitled to it is on file."""

    message = N_(
        "No group entitled to zakat is on the file of these children: %(children)s. Leave them "
        "out, choose another fund, or write the zakat group into the file first."
    )


class OutsideZakatGroupsError(RuleError):
    """Children in none of the zakat groups of the fund's rules."""

    message = N_(
        "These children are in none of the zakat groups that this fund helps: %(children)s. Leave "
        "them out, or choose another fund."
    )


class FundRulesDayError(RuleError):
    """Rules of a fund that began before, or on a day on which others of it begin."""

    message = N_("Choose a day from today on, on which no other rules of this fund begin.")


class FundAgesError(RuleError):
    """Ages that are none, or in the wrong order."""

    message = N_("Write ages from 1 to 25 years, the lower one first.")


class ZakatRulesError(RuleError):
    """Zakat groups in the rules of another fund."""

    message = N_("Only a zakat fund has rules on zakat groups. Leave them empty.")
