"""Asking a ClamAV daemon whether it knows a virus in some bytes.

``CLAMAV_ADDRESS`` is ``host:port`` or the path of its socket. The bytes are sent by INSTREAM, so
the daemon needs no access to our files. Whatever is not a plain "OK" stops the upload: a scanner
that was asked for and does not answer must not be the same as one that found nothing.
"""

import logging
import socket
import time
from contextlib import closing

from fundapp.documents.errors import InfectedFileError, ScannerAwayError

#: Seconds to connect, and for the whole conversation.
TO_CONNECT, LONGEST = 3.0, 25.0
_PIECE = 64 * 1024
_LONGEST_ANSWER = 4096

_log = logging.getLogger(__name__)


def scan(content: bytes, address: str) -> None:
    """Have the daemon at ``address`` look at the bytes.

    Raises InfectedFileError, ScannerAwayError.
    """
    try:
        answer = _ask(content, address)
    except (OSError, ValueError) as error:
        _log.warning("the virus scanner at %s does not answer: %s", address, error)
        raise ScannerAwayError from error
    if answer == "stream: OK":
        return
    if answer.endswith(" FOUND"):
        _log.warning("the virus scanner refused an upload: %s", answer)
        raise InfectedFileError
    _log.warning("the virus scanner at %s could not look: %s", address, answer)
    raise ScannerAwayError


def _ask(content: bytes, address: str) -> str:
    """The daemon's answer. Raises OSError, ValueError."""
    end = time.monotonic() + LONGEST
    with closing(_connect(address)) as daemon:
        _send(daemon, b"zINSTREAM\0", end)
        for at in range(0, len(content), _PIECE):
            piece = content[at : at + _PIECE]
            _send(daemon, len(piece).to_bytes(4, "big") + piece, end)
        _send(daemon, bytes(4), end)
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
            daemon.settimeout(_left(end))
            part = daemon.recv(_LONGEST_ANSWER)
            if not part:
                break
            answer += part
    return answer.rstrip(b"\0\n").decode("ascii", "replace")


def _connect(address: str) -> socket.socket:
    if "/" in address:
        daemon = socket.socket(socket.AF_UNIX)
        daemon.settimeout(TO_CONNECT)
        try:
            daemon.connect(address.removeprefix("unix:"))
        except OSError:
            daemon.close()
            raise
        return daemon
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), TO_CONNECT)


def _send(daemon: socket.socket, content: bytes, end: float) -> None:
    daemon.settimeout(_left(end))
    daemon.sendall(content)


def _left(end: float) -> float:
    """Seconds that are left. Raises TimeoutError."""
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError("it took too long")
    return left
