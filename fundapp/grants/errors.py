"""The rules of grants."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class GrantorError(RuleError):
    """A grant comes from a body, not from a person."""

    message = N_(
        "Choose a company, public agency, mosque or school among the donors as grantor. Register "
        "it there first if it is new."
    )


class GrantKnownError(RuleError):
    """An agreement is entered once."""

    message = N_("A grant of this grantor with this number is entered already.")


class GrantDaysError(RuleError):
    """The last day does not come before the first."""

    message = N_("The last day must not come before the first.")


class OutsideGrantError(RuleError):
    """A part of a grant lies outside its days."""

    message = N_("This lies outside the days of the grant, %(first)s to %(last)s.")


class SameLineError(RuleError):
    """A grant has one budget line for a kind of expense and fiscal year."""

    message = N_("There is a budget line of this kind and fiscal year. Remove it first.")


class GrantStateError(RuleError):
    """What a grant is now does not allow this."""

    message = N_("The state of the grant does not allow this any more. Look at it again.")


class NotAddingUpError(RuleError):
    """A grant starts when its parts add up."""

    message = N_(
        "Budget lines come to %(lines)s baht and instalments to %(instalments)s baht; both must "
        "come to %(total)s baht before the grant can start."
    )


class AgreementMissingError(RuleError):
    """A grant starts with its agreement."""

    message = N_("Send the signed agreement as a picture or PDF before the grant can start.")


class AnotherGrantError(RuleError):
    """Grants of one fund do not run at the same time."""

    message = N_(
        "Grant %(number)s of the same fund runs on some of these days. Help of a fund is charged "
        "to one grant at a time: open a fund of its own for this grant."
    )


class GrantOpenError(RuleError):
    """A grant is completed when nothing is left to do."""

    message = N_(
        "Not everything is done: %(conditions)s conditions are open, %(reports)s reports are not "
        "accepted."
    )


class GrantDaysLeftError(RuleError):
    """A grant is completed after its last day: until then help is charged to its lines."""

    message = N_(
        "Help is charged to this grant until %(last)s. Complete it afterwards, or end it before "
        "its last day."
    )


class PaperMissingError(RuleError):
    """A step of a grant has its paper."""

    message = N_("Send the paper as a picture or PDF.")


class GrantDayError(RuleError):
    """A day of a grant is neither to come nor before it was signed."""

    message = N_("Choose a day that is not to come, and not before the agreement was signed.")


class AmendmentEmptyError(RuleError):
    """An amendment changes something."""

    message = N_("Nothing is changed. Write what the signed amendment says.")


class AmendmentSumError(RuleError):
    """An amendment moves money between the lines; the total stays."""

    message = N_(
        "The budget lines come to %(lines)s baht. They must come to %(total)s baht as before; more "
        "money is a grant of its own."
    )


class LineChargedError(RuleError):
    """A budget line keeps what was charged to it."""

    message = N_("%(charged)s baht were charged to this line already. Leave it at least so much.")


class AmendmentDayError(RuleError):
    """The new last day is not past, and no report is about days after it."""

    message = N_(
        "Choose a last day that is neither past nor before %(first)s, until which the reports and "
        "budget lines of the grant go. To stop earlier, end the grant."
    )
