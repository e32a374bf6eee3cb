"""A local folder that answers a write only after a power cut can no longer undo it.

obstore writes local files without syncing them, so they are written here. A file becomes visible
whole or not at all: it is written under another name in the same folder, synced, and renamed; then
the folder that holds its name is synced, and those above it, which may be new as well.
"""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from fundapp.durable_files import sync, write_new


class LocalFolder:
    """Files by key under ``root``, which is created if it is missing."""

    def __init__(self, root: Path) -> None:
        self._root = root
        _make_folder(root)

    def put(self, key: str, content: bytes) -> None:
        """Write the file and return when it and its name are on the disk. Raises ValueError for a
        key that leaves the folder, OSError.
        """
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            write_new(unfinished, content)
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        # Each of them, even if it was there: another process may have made it a moment ago.
        folder = path.parent
        while folder != self._root:
            sync(folder)
            folder = folder.parent
        sync(self._root)

    def get(self, key: str) -> tuple[bytes, str]:
        """The file's bytes and version. Raises ValueError, FileNotFoundError, OSError."""
        with self._path(key).open("rb") as file:
            version = _version(os.fstat(file.fileno()))
            return file.read(), version

    def versions(self, folder: str) -> dict[str, str]:
        """The version of each file of the folder by its key; nothing for a missing folder."""
        try:
            with os.scandir(self._path(folder)) as entries:
                return {f"{folder}/{entry.name}": _version(entry.stat()) for entry in entries}
        except FileNotFoundError:
            return {}

    def delete(self, key: str) -> None:
        """Remove the file, if it is there. Raises ValueError, OSError."""
        self._path(key).unlink(missing_ok=True)

    def is_empty(self) -> bool:
        """Whether there is no file."""
        return not any(path.is_file() for path in self._root.rglob("*"))

    def paths(self) -> Iterator[Path]:
        """The folder, and each folder and file in it."""
        yield self._root
        yield from self._root.rglob("*")

    def _path(self, key: str) -> Path:
        parts = PurePosixPath(key)
        if not key or parts.is_absolute() or ".." in parts.parts or "\0" in key:
            raise ValueError("a key stays in the folder of documents")
        return self._root / parts


def _make_folder(folder: Path) -> None:
    """Make the folder and those above it, and sync the name of each that was missing."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync(folder.parent)


def _version(status: os.stat_result) -> str:
    """Differs whenever the file was written again, or brought back from a backup."""
    return f"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}"
