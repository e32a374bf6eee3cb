"""Files that nobody but the program's own user may read: 0600, and their folders 0700.

New ones are made so (`begin`); what an older version or another program made wider is narrowed at
the start where that is possible, and named by the check ``files.private`` where it is not.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

#: Every right of the group and of others.
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def begin() -> None:
    """Let every file and folder that this process and its children make be private."""
    os.umask(_OTHERS)


def narrow(paths: Iterable[Path]) -> None:
    """Take the rights of others away from those of ``paths`` that are there, as far as the system
    allows it.
    """
    for path in find_wide(paths):
        try:
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_OTHERS)
        except OSError:
            continue  # another user's; the check names it


def find_wide(paths: Iterable[Path]) -> Iterator[Path]:
    """Those of ``paths`` that others than their owner may read, write or enter. Missing ones and
    links are left out.
    """
    for path in paths:
        try:
            mode = path.lstat().st_mode
        except OSError:
            continue
        if mode & _OTHERS and not stat.S_ISLNK(mode):
            yield path
