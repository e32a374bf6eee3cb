"""Checks of what protects people: encrypted columns, and consent behind each open file."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, rows, violations
from fundapp.children.encryption import encrypted_columns
from fundapp.markers import N_

#: Key id, a zero byte, a nonce of 12 and a tag of 16 bytes: nothing encrypted is shorter.
SHORTEST_ENCRYPTED = 30


def encrypted_values() -> Iterator[Violation]:
    """Nothing that names a person is empty or unencrypted."""
    for table, columns in encrypted_columns().items():
        for column in columns:
            sql = f"SELECT id FROM {table} WHERE length({column}) < :shortest"  # noqa: S608
            for (row_id,) in rows(sql, shortest=SHORTEST_ENCRYPTED):
                yield Violation(f"{table}.{column}.{row_id}", "is not encrypted")


def open_files_have_consent() -> Iterator[Violation]:
    """An open file has a consent to keep it; a file without one is closed."""
    yield from violations(
        """
        SELECT c.code FROM children c
        WHERE c.status = 'active' AND NOT EXISTS (
            SELECT 1 FROM consents k WHERE k.child_id = c.id AND k.kind = 'keep_file'
        )
        """,
        "is an open file to which nobody has ever consented",
    )


CHECKS = (
    Check(
        "children.encrypted",
        N_("Everything that names a person is encrypted."),
        encrypted_values,
    ),
    Check(
        "children.consent",
        N_("Every open file of a child rests on a consent."),
        open_files_have_consent,
    ),
)
