"""Files that survive a power cut: on the disk before anything relies on them."""

import os
from pathlib import Path


def write_new(path: Path, content: bytes) -> None:
    """Write a new file and sync its bytes, not yet its name; OSError when it is there already."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def append(path: Path, content: bytes) -> None:
    """Add to a file that only its owner may read, or make it, and sync its bytes and name."""
    is_new = not path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    if is_new:
        sync(path.parent)


def sync(path: Path) -> None:
    """Have the disk keep a file's bytes, or the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(path: Path, content: bytes) -> None:
    """Put a file in the place of another: whoever reads it sees the old one or the new one."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    write_new(new, content)
    new.replace(path)
    sync(path.parent)
