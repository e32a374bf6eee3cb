"""The rules of findings."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class FindingStateError(RuleError):
    """What a finding is now does not allow this."""

    message = N_("The state of the finding does not allow this any more. Look at it again.")


class FindingOwnerError(RuleError):
    """Who answers works for the fund, and is not who found it."""

    message = N_("Choose somebody else of the office who is to answer.")


class FindingDueError(RuleError):
    """A response is due on a day to come."""

    message = N_("Choose a day that is not past.")


class EvidenceError(RuleError):
    """Evidence is there."""

    message = N_(
        "Enter the number of an entry (JE…), or of a sample and its item (SA…/3), or send a paper."
    )


class NotOwnerError(RuleError):
    """Only the owner of a finding answers."""

    message = N_("Only the person who is to answer can write the response.")


class OwnerRetestsError(RuleError):
    """Who was to answer a finding does not retest it, also with another role by then."""

    message = N_("Somebody else than the person who was to answer retests this finding.")
