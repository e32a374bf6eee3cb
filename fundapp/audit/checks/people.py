"""Checks of what protects people: keys, encrypted columns and their counts."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation
from fundapp.children.open_files import find_wrong_counts
from fundapp.children.verification import find_unreadable_values, find_wrong_lookups
from fundapp.crypto import KeyringError, find_wrong_keys
from fundapp.markers import N_


def keys_fit() -> Iterator[Violation]:
    """FIELD_KEYS names the keys that encrypted this database."""
    for sentence in find_wrong_keys():
        yield Violation("FIELD_KEYS", sentence)


def encrypted_values() -> Iterator[Violation]:
    """Nothing that names a person is unencrypted, moved, or without its key; values are opened."""
    if find_wrong_keys():
        yield Violation("FIELD_KEYS", "nothing can be opened with these keys")
        return
    for where in find_unreadable_values():
        yield Violation(where, "is not encrypted for its row with a key of FIELD_KEYS")


def lookups() -> Iterator[Violation]:
    """A child is found by the number and names that its file holds."""
    if not find_wrong_keys():
        for code in find_wrong_lookups():
            yield Violation(code, "is not found by its own number, names and birth date")


def counted_files() -> Iterator[Violation]:
    """The counts of open files, which are published, are those of the files."""
    try:
        for (district_code, group), counted, present in find_wrong_counts():
            yield Violation(
                f"{district_code} {group}", f"has {present} open files; counted are {counted}"
            )
    except KeyringError as error:
        yield Violation("open files", f"cannot be counted: {error}")


CHECKS = (
    Check(
        "children.keys",
        N_("FIELD_KEYS names the keys of this database."),
        keys_fit,
    ),
    Check(
        "children.encrypted",
        N_("What names a child, a guardian or a payee is encrypted, the bank's own text too."),
        encrypted_values,
    ),
    Check(
        "children.lookups",
        N_("Every child is found by the number and names of its file."),
        lookups,
    ),
    Check(
        "children.counts",
        N_("The counts of open files are those of the files."),
        counted_files,
    ),
)
