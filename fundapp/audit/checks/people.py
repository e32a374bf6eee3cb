"""Checks of what protects people: sealed columns, and consent behind each open file."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Offence, offences, rows
from fundapp.children.sealing import sealed_columns
from fundapp.markers import N_

#: Key id, a zero byte, a nonce of 12 and a tag of 16 bytes: nothing sealed is shorter.
SHORTEST_SEALED = 30


def sealed_values() -> Iterator[Offence]:
    """Nothing that names a person is empty or stands unencrypted."""
    for table, columns in sealed_columns().items():
        for column in columns:
            sql = f"SELECT id FROM {table} WHERE length({column}) < :shortest"  # noqa: S608
            for (row_id,) in rows(sql, shortest=SHORTEST_SEALED):
                yield Offence(f"{table}.{column}.{row_id}", "is not sealed")


def open_files_have_consent() -> Iterator[Offence]:
    """An open file rests on a consent to keep it that stands; a file without one is closed."""
    yield from offences(
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
        "children.sealed",
        N_("Everything that names a person is encrypted."),
        sealed_values,
    ),
    Check(
        "children.consent",
        N_("Every open file of a child rests on a consent."),
        open_files_have_consent,
    ),
)
