"""Checks of the styles in which statement files are read."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.banking.errors import ProfileRefusedError
from fundapp.banking.statement_files.profiles import check_profile
from fundapp.banking.statement_files.queries import list_profiles, profile_of
from fundapp.markers import N_


def profiles_read() -> Iterator[Violation]:
    """A style names each column and each row once, and every statement was read in one of them or
    is a message of a bank.
    """
    for row in list_profiles():
        try:
            check_profile(profile_of(row))
        except ProfileRefusedError as error:
            yield Violation(row.code, f"{error.field}: {error}")
    yield from violations(
        """
        SELECT s.public_id, s.profile FROM statements s
        LEFT JOIN statement_profiles p ON p.code = s.profile
        WHERE p.code IS NULL AND s.profile NOT IN ('mt940', 'camt053')
        """,
        "was read in the style {1}, which nobody entered",
    )


CHECKS = (
    Check(
        "banking.profiles",
        N_("Every style of statement files reads a file in one way only."),
        profiles_read,
    ),
)
