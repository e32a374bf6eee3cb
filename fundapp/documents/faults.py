"""Whether the stored file of a document is still what was accepted.

Files are decrypted here, but nothing of their content leaves this module: it answers with a fault
or none, so no read of a child is recorded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from fundapp.documents import store
from fundapp.documents.encryption import decrypt
from fundapp.documents.errors import DamagedDocumentError
from fundapp.documents.models import Document
from fundapp.documents.queries import iter_by_folder
from fundapp.errors import NotFoundError


class Fault(StrEnum):
    """What is wrong with a stored file."""

    MISSING = "its file is missing"
    DAMAGED = "its file is not what was accepted, or no key decrypts it"
    UNREADABLE = "its file cannot be opened: the store or the disk does not give it"


@dataclass(frozen=True, slots=True)
class Finding:
    """What opening a file has shown: a fault, or the version that is intact."""

    fault: Fault | None = None
    intact_version: str | None = None


def open_file(document: Document) -> Finding:
    """Open the document's file: it is there, it decrypts, and it has the SHA-256 of the row."""
    try:
        stored = store.get_file(document.storage_key)
        decrypt(document, stored.content)
    except NotFoundError:
        return Finding(Fault.MISSING)
    except DamagedDocumentError:
        return Finding(Fault.DAMAGED)
    except store.StoreError:
        return Finding(Fault.UNREADABLE)
    return Finding(intact_version=stored.version)


def find_faults() -> Iterator[tuple[Document, Fault]]:
    """Every document whose file has a fault.

    The store's folders are listed, so a missing file is seen at once. Opened are the files that
    nobody has found intact in the last `CHECK_EVERY` in the version that is there now.
    """
    for folder, documents in iter_by_folder():
        try:
            versions = store.list_versions(folder)
        except store.StoreError:
            versions = None
        for document in documents:
            fault = _fault(document, versions)
            if fault is not None:
                yield document, fault


def _fault(document: Document, versions: dict[str, str] | None) -> Fault | None:
    if versions is None:
        return Fault.UNREADABLE
    version = versions.get(document.storage_key)
    if version is None:
        return Fault.MISSING
    if document.is_checked and document.intact_version == version:
        return None
    return open_file(document).fault
