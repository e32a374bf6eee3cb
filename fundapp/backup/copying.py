"""Files of a backup: copied, hashed in pieces, and on the disk before anything relies on them."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from fundapp.durable_files import sync, write_new


def write(path: Path, content: bytes) -> None:
    """Write a new file, with the folders it needs; OSError when it is there already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_new(path, content)


def copy(source: Path, target: Path) -> None:
    """Copy ``source`` to the new file ``target``; OSError when it is there already."""
    with source.open("rb") as read, target.open("xb") as written:
        shutil.copyfileobj(read, written, 1024 * 1024)
    sync(target)


def sync_folders(folder: Path) -> None:
    """Have the disk keep the names in ``folder`` and in every folder below."""
    for parent, _folders, _names in os.walk(folder, topdown=False):
        sync(Path(parent))


def sha256(path: Path) -> str:
    """The hash of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def list_files(folder: Path) -> Iterator[str]:
    """The path of every file below ``folder``, relative to it; links to folders are not followed
    and count as files.
    """
    for parent, folders, names in os.walk(folder):
        links = [each for each in folders if Path(parent, each).is_symlink()]
        for each in (*names, *links):
            yield Path(parent, each).relative_to(folder).as_posix()
