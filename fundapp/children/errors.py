"""Why a change of a child's file is refused. No sentence holds a name or an identity number."""

from fundapp.errors import DomainError, ForbiddenError, RuleError, StaleError
from fundapp.markers import N_


class UnknownChildError(RuleError):
    """No child with this name, number or code that the person may see."""

    message = N_("None of the children you may see has this name, number or code.")


class OtherDistrictError(ForbiddenError):
    """A case manager works in the districts that an administrator gave them."""

    message = N_("This district is not one of yours. Choose one of your districts.")


class HandedOnError(ForbiddenError):
    """The person handed the child over, and may still see its file by another role."""

    message = N_("You handed this child over. Its case manager now changes the file.")


class WrongSubdistrictError(RuleError):
    """The subdistrict is in another district."""

    message = N_("This subdistrict is not in the chosen district. Choose one that is.")


class KnownIdError(RuleError):
    """A child with this number is registered, and the person may see its file."""

    message = N_("The file %(code)s already has this number. Open that file instead of a new one.")
    is_recorded = True


class KnownElsewhereError(RuleError):
    """A child with this number is registered, but the person may not see its file."""

    message = N_(
        "The fund already has a file with this number. "
        "Compare the number with the paper, then ask an approver."
    )
    is_recorded = True


class PossibleDuplicateError(RuleError):
    """The person may see a file that may be of the same child."""

    message = N_(
        "The file %(code)s may be of the same child. Open it and compare. "
        "If this is another child, write why; a supervisor then decides."
    )


class SamePersonError(RuleError):
    """A correction would make the file that of a child who has another one, which the person may
    see.
    """

    message = N_(
        "The file %(code)s may be of the same child. If it is, close one of the two. "
        "If not, close this file and register the child again: a supervisor decides."
    )


class SamePersonElsewhereError(RuleError):
    """The same, where the person may not see the other file."""

    message = N_(
        "The fund has another file that may be of the same child. Compare the paper. "
        "If they are right, close this file and register the child again: a supervisor decides."
    )
    is_recorded = True


class OtherFileError(RuleError):
    """The file into which another one is to be merged."""

    message = N_("Write the code of the child's other file: it is open, or waits, and stands.")


class NotMergedError(StaleError):
    """There is no merge to be undone."""

    message = N_("This file is not merged into another one any more. Look at it again.")


class NoReasonError(RuleError):
    """A decision on a possible duplicate without a reason."""

    message = N_("Write why: what you compared, and whom you asked.")


class OwnRegistrationError(ForbiddenError):
    """Whoever registered a child does not decide on it."""

    message = N_("You registered this child. Another supervisor decides whether it has a file.")


class DuplicateDecidedError(StaleError):
    """Nothing waits for a decision any more."""

    message = N_("This has been decided already, or the file was closed. Look at the file again.")


class ChildNamedError(RuleError):
    """A text that concerns no request, and holds the full name of a child. It quotes the words, as
    they were typed, alone.
    """

    message = N_(
        "“%(words)s” may be the name of a child. "
        "Write it without the name: more people read this than may know the child."
    )
    message_in_trail = N_("The text may have held the name of a child.")
    is_recorded = True


class ConsentMissingError(RuleError):
    """No file is kept without a consent to keep it."""

    message = N_("Without the consent to keep a file, the fund cannot register the child.")


class SensitiveConsentMissingError(RuleError):
    """A group that speaks of health, without the consent to facts on health."""

    message = N_(
        "This group says something of the child's health. "
        "Record the consent to facts on health or religion first, or choose another group."
    )


class NotAskedError(RuleError):
    """A kind of consent that nothing rests on."""

    message = N_("The fund keeps no photographs of children, so it does not ask for this consent.")


class IdentityHiddenError(RuleError):
    """The consent to keep the file was withdrawn or has ended."""

    message = N_(
        "There is no valid consent to keep this file, so nobody may see or change what it says. "
        "Record a new consent first."
    )


class ConsentUnexplainedError(RuleError):
    """The signer does not hold parental power."""

    message = N_(
        "Only parents and legal guardians can consent by themselves. "
        "Write why this person signs for the child."
    )


class NotOfAgeError(RuleError):
    """The child signed alone before it was of age."""

    message = N_(
        "The child signs alone from 20 years on. Until then a parent or the legal guardian signs; "
        "from 10 on the child signs the paper as well."
    )


class ConsentDatesError(RuleError):
    """The consent is signed in the future, or ends before it was signed."""

    message = N_("A consent is signed today or earlier, and ends after the day it was signed.")


class ConsentWithdrawnError(RuleError):
    """A consent can be withdrawn only once."""

    message = N_("This consent has been withdrawn already.")


class AgeError(RuleError):
    """The fund keeps files of people up to 25 years."""

    message = N_("The fund keeps files of people from birth to 25 years. Check the birth date.")


class FileClosedError(RuleError):
    """A closed file can only be read."""

    message = N_("This file is closed. It can be read, but no longer changed.")


class KeysInUseError(DomainError):
    """A rotation has not reached everything: something was written with an older key meanwhile."""

    message = N_(
        "Values are still encrypted with %(keys)s. Restart every process of the program with "
        "%(newest)s first in FIELD_KEYS, then run this again."
    )
