"""What stands against a change of a child's file. No sentence ever carries a name or a number."""

from fundapp.errors import ForbiddenError, RuleError
from fundapp.markers import N_


class OtherDistrictError(ForbiddenError):
    """A case manager works in the districts that were given to them."""

    message = N_("This district is not one of yours. Choose one of your districts.")


class WrongSubdistrictError(RuleError):
    """The subdistrict lies in another district."""

    message = N_("This subdistrict does not lie in the chosen district. Choose one that does.")


class KnownIdError(RuleError):
    """A file with this number is open to the person who registers."""

    message = N_("The file %(code)s already has this number. Open that file instead of a new one.")


class KnownElsewhereError(RuleError):
    """A file with this number exists where the person may not look."""

    message = N_(
        "The fund already has a file with this number. "
        "Compare the number with the paper, then ask an approver."
    )


class PossibleDuplicateError(RuleError):
    """A child of the same names and birth date is in the person's own list."""

    message = N_(
        "The file %(code)s has the same name and birth date. "
        "Open it and compare. If this is another child, confirm it here."
    )


class ConsentMissingError(RuleError):
    """No file is kept without a consent to keep it."""

    message = N_("Without the consent to keep a file, the fund cannot register the child.")


class IdentityHiddenError(RuleError):
    """The consent to keep the file was withdrawn or has ended."""

    message = N_(
        "The consent to keep this file does not stand, so nobody may see or change what it says. "
        "Record a new consent first."
    )


class ConsentUnexplainedError(RuleError):
    """Somebody signed who does not hold parental power."""

    message = N_(
        "Only parents and legal guardians can consent by themselves. "
        "Write why this person signs for the child."
    )


class ConsentDatesError(RuleError):
    """The days of a consent do not fit each other."""

    message = N_("A consent is signed today or earlier, and ends after the day it was signed.")


class ConsentWithdrawnError(RuleError):
    """A consent is withdrawn once."""

    message = N_("This consent has been withdrawn already.")


class AgeError(RuleError):
    """The fund helps people up to 25."""

    message = N_("The fund keeps files of people from birth to 25 years. Check the birth date.")


class FileClosedError(RuleError):
    """A closed file is only read."""

    message = N_("This file is closed. It can be read, but no longer changed.")
