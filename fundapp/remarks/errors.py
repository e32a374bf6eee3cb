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


class RemarkErasedError(RuleError):
    """Erased already."""

    message = N_("These words have been erased already.")
