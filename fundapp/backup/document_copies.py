"""Copying documents into a backup and back, encrypted as they are stored.

A document has at most 10 MB (`fundapp.documents.intake`), so each is held whole; never two.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from obstore.exceptions import BaseError

from fundapp.backup import copying
from fundapp.backup.errors import BackupRefusedError
from fundapp.db.encrypted_columns import key_id_of
from fundapp.documents import store
from fundapp.errors import NotFoundError

FOLDER = "documents"


def copy_documents(keys: Iterable[str], backup: Path) -> tuple[set[str], list[str]]:
    """Copy what is stored under ``keys`` into the backup.

    Returns the ids of the field keys that the files need, and those of ``keys`` that are missing.
    Raises BackupRefusedError when the store cannot be read.
    """
    key_ids, missing = set(), []
    for key in keys:
        try:
            content = _read(key)
        except NotFoundError:
            missing.append(key)
            continue
        copying.write(backup / FOLDER / key, content)
        key_id = key_id_of(content)
        if key_id is not None:
            key_ids.add(key_id)
    return key_ids, missing


@contextmanager
def restored_documents(backup: Path, paths: Iterable[str]) -> Iterator[None]:
    """Store those of ``paths`` that are documents; takes them away again when what is done
    meanwhile fails. Raises BackupRefusedError when the store cannot be written.
    """
    written: list[str] = []
    try:
        for path in paths:
            if path.startswith(f"{FOLDER}/"):
                written.append(path.removeprefix(f"{FOLDER}/"))
                with _reported():
                    store.put(written[-1], (backup / path).read_bytes())
        yield
    except BaseException:
        for key in written:
            with _reported():
                store.delete(key)
        raise


def is_store_empty() -> bool:
    """Whether no document is stored. Raises BackupRefusedError when the store cannot be read."""
    with _reported():
        return store.is_empty()


def _read(key: str) -> bytes:
    path = PurePosixPath(key)
    if path.is_absolute() or ".." in path.parts:
        raise NotFoundError  # no key of ours: it would be a file outside the backup
    with _reported():
        return store.get(key)


@contextmanager
def _reported() -> Iterator[None]:
    """BackupRefusedError for what the store answers."""
    try:
        yield
    except (OSError, BaseError, store.StoreError) as error:
        said = str(error).strip().splitlines()[0]
        raise BackupRefusedError(
            f"The place of documents answers: {said}. Look at DOCUMENTS_URL."
        ) from error
