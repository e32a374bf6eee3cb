"""Where the bytes of documents are stored: a local folder or an object store (``DOCUMENTS_URL``).

``file:///path`` is a folder; ``s3://bucket/prefix`` (and what else obstore knows) an object store,
with its credentials from the environment. Keys are generated, so no name that somebody chose
becomes a path.
"""

from urllib.parse import unquote, urlsplit

import obstore
from flask import current_app
from obstore.store import LocalStore, ObjectStore, from_url

from fundapp.errors import NotFoundError


def put(key: str, content: bytes) -> None:
    """Store ``content`` under ``key``."""
    obstore.put(_store(), key, content)


def get(key: str) -> bytes:
    """The bytes under ``key``; NotFoundError when they are missing."""
    try:
        return bytes(obstore.get(_store(), key).bytes())
    except FileNotFoundError as error:
        raise NotFoundError from error


def open_store(url: str) -> ObjectStore:
    """The store that ``url`` names; a missing local folder is created."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return LocalStore(unquote(parts.path), mkdir=True)
    return from_url(url)


def _store() -> ObjectStore:
    """The store of the running application, made once per address."""
    url = str(current_app.config["DOCUMENTS_URL"])
    stores: dict[str, ObjectStore] = current_app.extensions.setdefault("document_stores", {})
    if url not in stores:
        stores[url] = open_store(url)
    return stores[url]
