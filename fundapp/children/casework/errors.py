"""Why a change of casework is refused. No sentence holds a name."""

from fundapp.errors import ForbiddenError, RuleError, StaleError
from fundapp.markers import N_


class NoWordsError(RuleError):
    """An entry that says nothing."""

    message = N_("Write what happened.")


class FutureEntryError(RuleError):
    """What is told is not over."""

    message = N_("Write the day on which it happened: today or earlier.")


class DueDayError(RuleError):
    """A plan without a review, or a follow-up without a day, or one that is over."""

    message = N_("Choose a day from today on, within two years.")


class SensitiveEntryError(RuleError):
    """Facts on health or religion without a consent to them."""

    message = N_(
        "This tells of health or religion. Record the consent to such facts first, or write it "
        "without them."
    )


class ZakatConsentError(RuleError):
    """A zakat group without a consent to keep it."""

    message = N_(
        "The zakat group tells the child's religion. Record the consent to keep the zakat group "
        "first, on the child's file."
    )


class EntrySettledError(StaleError):
    """It was settled meanwhile."""

    message = N_("This has been settled already. Look at the file again.")


class OwnPlanError(ForbiddenError):
    """Whoever wrote a plan does not agree to it."""

    message = N_("You wrote this plan. Another person, a supervisor of the district, agrees to it.")


class SameDistrictError(RuleError):
    """The child is in this district already."""

    message = N_("The child is in this district already. Choose another one.")


class OpenHelpError(RuleError):
    """Requests for the child are in work in its district."""

    message = N_(
        "Help for this child is being decided on or paid in this district. "
        "Move the file when that is done, or cancel the request."
    )


class EndedGuardianError(StaleError):
    """This person does not belong to the child any more."""

    message = N_("This person was taken out already. Look at the file again.")
