"""Why a backup is not made, read or restored."""

from fundapp.errors import RuleError


class BackupRefusedError(RuleError):
    """Each sentence says what is wrong and what to do.

    Only commands show them, and commands speak English, so they are not marked for translation.
    """
