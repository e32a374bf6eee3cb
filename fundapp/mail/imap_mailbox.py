"""A mailbox on another server, read over IMAP: that to which reports of failed deliveries go.

``BOUNCES_URL`` is ``imaps://user:password@host:993/INBOX`` (TLS from the start; the folder may be
left out). What was read is marked as seen there and stays; only what is not seen is read.
"""

import imaplib
import re
import ssl
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from fundapp.mail.bounces import MOST_READ

_PORTS = {"imaps": 993, "imap": 143}
_FOLDER = re.compile(r"[A-Za-z0-9 ._/-]{1,200}")
#: Seconds for each answer of the server, and how many messages are read at once.
_SECONDS = 20
MOST_MESSAGES = 200


class MailboxError(Exception):
    """The mailbox cannot be read; the text says why, without the password."""


@dataclass(frozen=True, slots=True)
class ImapMailbox:
    """Where the reports are."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    tls: bool

    @classmethod
    def from_url(cls, url: str) -> "ImapMailbox":
        """Read ``BOUNCES_URL``. ValueError."""
        parts = urlsplit(url)
        folder = unquote(parts.path).strip("/") or "INBOX"
        if parts.scheme not in _PORTS or not (parts.hostname and parts.username):
            raise ValueError("it needs the form imaps://user:password@host:993/INBOX")
        if _FOLDER.fullmatch(folder) is None:
            raise ValueError("the folder has other signs than letters, digits, '.', '_', '-', '/'")
        return cls(
            parts.hostname,
            parts.port or _PORTS[parts.scheme],
            unquote(parts.username),
            unquote(parts.password or ""),
            folder,
            tls=parts.scheme == "imaps",
        )

    def read_unseen(self, stop: threading.Event) -> Iterator[bytes]:
        """The messages that were not seen, `MOST_MESSAGES` at most, each cut at `MOST_READ`; one is
        marked as seen when the next is asked for. MailboxError.
        """
        try:
            with self._connect() as server:
                _right(server.login(self.user, self.password))
                _right(server.select(f'"{self.folder}"'))
                found = _right(server.uid("SEARCH", "UNSEEN"))
                for uid in (found or b"").split()[:MOST_MESSAGES]:
                    if stop.is_set():
                        return
                    # PEEK: what fails on the way stays unseen.
                    asked = f"(BODY.PEEK[]<0.{MOST_READ}>)"
                    _status, answer = server.uid("FETCH", uid.decode(), asked)
                    raw = next((part[1] for part in answer if isinstance(part, tuple)), b"")
                    yield raw[:MOST_READ]
                    _right(server.uid("STORE", uid.decode(), "+FLAGS.SILENT", r"(\Seen)"))
        except (imaplib.IMAP4.error, OSError, UnicodeError) as error:
            said = str(error).replace(self.password, "…") if self.password else str(error)
            raise MailboxError(f"{type(error).__name__}: {said[:200]}") from error

    def _connect(self) -> imaplib.IMAP4:
        if self.tls:
            context = ssl.create_default_context()
            return imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=_SECONDS)
        return imaplib.IMAP4(self.host, self.port, timeout=_SECONDS)


def _right(answer: tuple[str, Sequence[bytes | None]]) -> bytes | None:
    """The first line of an answer; imaplib's error when the server refused."""
    status, lines = answer
    if status != "OK":
        raise imaplib.IMAP4.error(f"the server answered {status}")
    return lines[0] if lines else None
