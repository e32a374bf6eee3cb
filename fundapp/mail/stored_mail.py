"""Messages in the forms in which a mail server stores them: one file, an mbox, a maildir."""

import mailbox
import sys
from collections.abc import Iterator
from pathlib import Path

from fundapp.mail.bounces import MOST_READ

#: Bytes of the first message of a file by which an mbox is known.
_MBOX = b"From "


def read_stored(path: str) -> Iterator[bytes]:
    """The messages at ``path``, each cut at `MOST_READ`; ``-`` is standard input. OSError."""
    if path == "-":
        yield from _split(sys.stdin.buffer)
        return
    place = Path(path)
    if not place.is_dir():
        with place.open("rb") as file:
            yield from _split(file)
        return
    if not all((place / name).is_dir() for name in ("cur", "new")):
        raise OSError(f"{path} is a folder, but no maildir")
    box = mailbox.Maildir(place, create=False)
    for key in box.iterkeys():
        with box.get_file(key) as file:
            yield file.read(MOST_READ)


def _split(file: object) -> Iterator[bytes]:
    """The messages of an mbox, or the one of a file; no line and no message is held whole that is
    longer than `MOST_READ`.
    """
    readline = file.readline  # type: ignore[attr-defined]
    message, is_mbox, is_after_empty = bytearray(), False, True
    while line := readline(MOST_READ):
        if line.startswith(_MBOX) and is_after_empty and (is_mbox or not message):
            if message:
                yield bytes(message)
            message, is_mbox = bytearray(), True
        elif len(message) < MOST_READ:
            message += line[: MOST_READ - len(message)]
        is_after_empty = line in {b"\n", b"\r\n"}
    if message:
        yield bytes(message)
