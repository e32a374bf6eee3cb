"""The rules of agencies and referrals. No sentence names a child."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class AgreementDaysError(RuleError):
    """The last day of an agreement is before its first."""

    message = N_("The last day of the agreement is before its first day.")


class AgencyDistrictsError(RuleError):
    """An agency without a district, or with one that is not known."""

    message = N_("Choose at least one district in which the agency works.")


class AgencyKnownError(RuleError):
    """Another agency has this name."""

    message = N_("An agency of this name is in the register already. Change that one.")


class AccessRoleError(RuleError):
    """Whoever signs in for an agency has the role for it."""

    message = N_("Choose a person who holds the role “Partner agency” and may sign in.")


class AccessDaysError(RuleError):
    """Access lasts at most a year, and no longer than the agreement."""

    message = N_("Choose a day from today on, within a year and within the agreement.")


class AgreementEndedError(RuleError):
    """An agency without an agreement today gets no new referral."""

    message = N_("The agreement with this agency does not hold today. Choose another agency.")


class AgencyElsewhereError(RuleError):
    """The agency does not work where the child lives."""

    message = N_("This agency does not work in the child's district. Choose another agency.")


class ShareConsentError(RuleError):
    """Without a consent of its own no agency is told of a child."""

    message = N_(
        "There is no valid consent to tell partner agencies of this child, or its file is not "
        "open. Record the signed consent in the file first."
    )


class SharedUntilError(RuleError):
    """An agency sees a referral for half a year at most."""

    message = N_("Choose a day from today on, within %(days)s days.")


class SharedFactsError(RuleError):
    """What is shared is on the list."""

    message = N_("Choose what the agency needs from the list.")


class SameReferralError(RuleError):
    """The same need was told to the same agency and is open."""

    message = N_("This need was referred to this agency already: %(number)s is still open.")


class ReferralStateError(RuleError):
    """What a referral is now does not allow this."""

    message = N_("The state of the referral does not allow this any more. Look at it again.")


class GivenDayError(RuleError):
    """What was given is over, and not from before it was asked for."""

    message = N_("Choose the day on which it was given: after the referral, today at the latest.")
