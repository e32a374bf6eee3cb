"""Why words cannot be erased."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class UnknownRemarkError(RuleError):
    """No remark has this number."""

    message = N_(
        "Nothing written has this number. It begins with RM and stands behind the words, with RQ "
        "for what a request says of people, with C- for what a child's file said before it was "
        "corrected, or with BL for what the bank wrote on a line."
    )


class NothingCorrectedError(UnknownRemarkError):
    """The file of the child with this code was not corrected, or there is none: the answer is the
    same, so that nobody learns which files exist.
    """

    message = N_("Nothing was corrected in this file, so there is nothing to erase.")


class RemarkErasedError(RuleError):
    """Erased already."""

    message = N_("These words have been erased already.")
