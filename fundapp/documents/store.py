"""Where the bytes of documents are stored: a local folder or an object store (``DOCUMENTS_URL``).

``file:///path`` is a folder; ``s3://bucket/prefix`` (and what else obstore knows) an object store,
with its credentials from the environment. Keys are generated, so no name that somebody chose
becomes a path.

`put` returns when the bytes survive a power cut, so a row that is committed afterwards never names
bytes that are lost with it. A local folder has then synced the file and the folders that lead to it
(`fundapp.documents.local_folder`). An object store makes the same promise with its answer: Amazon
S3 answers a PUT after the object is stored on several devices in at least three data centres (one
in the One Zone classes), and every later GET and listing finds it. Whatever else speaks that
protocol must do the same; a gateway that answers first and writes later must not be used.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

import obstore
from flask import current_app
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from fundapp.documents.local_folder import LocalFolder
from fundapp.errors import NotFoundError

if TYPE_CHECKING:
    from obstore import ObjectMeta


class StoreError(Exception):
    """The store does not answer, or the disk cannot read the file."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """The bytes under a key; ``version`` differs whenever they were written again."""

    content: bytes = field(repr=False)
    version: str


class Store(Protocol):
    """What a folder and an object store both do; missing files raise FileNotFoundError."""

    def put(self, key: str, content: bytes) -> None:
        """Store the bytes durably."""

    def get(self, key: str) -> tuple[bytes, str]:
        """The bytes and their version."""

    def versions(self, folder: str) -> dict[str, str]:
        """The version of each file of the folder, by its key."""

    def delete(self, key: str) -> None:
        """Remove the file, if it is there."""

    def is_empty(self) -> bool:
        """Whether there is no file."""

    def paths(self) -> Iterator[Path]:
        """The store's files and folders on this machine; none elsewhere."""


def put(key: str, content: bytes) -> None:
    """Store ``content`` under ``key``; durable when this returns."""
    _store().put(key, content)


def get(key: str) -> bytes:
    """The bytes under ``key``; NotFoundError when they are missing. Raises StoreError."""
    return get_file(key).content


def get_file(key: str) -> StoredFile:
    """The bytes under ``key`` and their version; NotFoundError when they are missing. Raises
    StoreError.
    """
    try:
        return StoredFile(*_store().get(key))
    except FileNotFoundError as error:
        raise NotFoundError from error
    except (OSError, BaseError) as error:
        raise StoreError(str(error)) from error


def list_versions(folder: str) -> dict[str, str]:
    """The version of each file in ``folder`` by its key. Raises StoreError."""
    try:
        return _store().versions(folder)
    except (OSError, BaseError) as error:
        raise StoreError(str(error)) from error


def folder_of(key: str) -> str:
    """The folder that the key is in."""
    return key.rpartition("/")[0]


def delete(key: str) -> None:
    """Take away what is stored under ``key``, if anything is."""
    _store().delete(key)


def is_empty() -> bool:
    """Whether nothing is stored."""
    return _store().is_empty()


def paths() -> Iterator[Path]:
    """The files and folders of the store on this machine; none of an object store."""
    return _store().paths()


def open_store(url: str) -> Store:
    """The store that ``url`` names; a missing local folder is created."""
    folder = folder_at(url)
    return LocalFolder(folder) if folder else _ObjectStorage(from_url(url))


def folder_at(url: str) -> Path | None:
    """The local folder that ``url`` names, whether it is there or not; None for an object store."""
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


class _ObjectStorage:
    """An object store that obstore knows."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    def put(self, key: str, content: bytes) -> None:
        """Returns when the store has answered that it holds the object."""
        obstore.put(self._objects, key, content)

    def get(self, key: str) -> tuple[bytes, str]:
        """The object's bytes and version."""
        found = obstore.get(self._objects, key)
        return bytes(found.bytes()), _version(found.meta)

    def versions(self, folder: str) -> dict[str, str]:
        """The version of each object of the folder, by its key."""
        return {
            meta["path"]: _version(meta)
            for page in obstore.list(self._objects, prefix=folder)
            for meta in page
        }

    def delete(self, key: str) -> None:
        """Remove the object, if it is there."""
        with suppress(FileNotFoundError):
            obstore.delete(self._objects, key)

    def is_empty(self) -> bool:
        """Whether there is no object."""
        return not any(page for page in obstore.list(self._objects))

    def paths(self) -> Iterator[Path]:
        """None: who may read an object is decided there."""
        return iter(())


def _version(meta: "ObjectMeta") -> str:
    """The ETag; where the store has none the second of the last change."""
    return meta["e_tag"] or f"{meta['last_modified']:%Y-%m-%dT%H:%M:%S}"


def _store() -> Store:
    """The store of the running application, made once per address."""
    url = str(current_app.config["DOCUMENTS_URL"])
    stores: dict[str, Store] = current_app.extensions.setdefault("document_stores", {})
    if url not in stores:
        stores[url] = open_store(url)
    return stores[url]
