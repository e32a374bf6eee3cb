"""The check of stored papers: every file is there and is what was accepted."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation
from fundapp.documents.faults import find_faults
from fundapp.markers import N_


def files() -> Iterator[Violation]:
    """The file of every document is there, decrypts and has the SHA-256 of its row."""
    for document, fault in find_faults():
        yield Violation(document.public_id, str(fault))


CHECKS = (
    Check(
        "documents.files",
        N_("The file of every document is there and is what was accepted."),
        files,
    ),
)
