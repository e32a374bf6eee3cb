"""Why something cannot be done with a request."""

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


class NoteMissingError(RuleError):
    """A problem without a note."""

    message = N_("Write what happened to the money.")


class OpeningReasonError(RuleError):
    """Whoever sees names in an audit says why."""

    message = N_("Write why you need to see the names, in ten letters or more.")


class EndedConsentError(RuleError):
    """What a consent hides stays hidden, whatever the reason."""

    message = N_("A consent has ended. What it hides stays hidden, for auditors too.")
