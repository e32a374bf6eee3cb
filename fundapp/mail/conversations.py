"""One conversation with a mail server, which hands over one message.

It runs in a thread of its own, so that it can be left at any moment: a socket's timeout bounds each
read, but not a server that sends a byte now and then; and a read does not end when the process is
told to stop.
"""

import smtplib
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage

from fundapp.mail.policy import failing_status

#: How long a conversation lasts at most, in seconds, from looking up the name to the last answer.
DEADLINE_SECONDS = 60.0
#: How long it may go on after the process was told to stop: most are over by then.
LAST_SECONDS = 0.3
#: How long one read may wait.
TIMEOUT_SECONDS = 20.0
_LOOK_SECONDS = 0.1
_CLOSING = 421
_TOO_LARGE = 552


class MailerError(Exception):
    """A message was not delivered; the text says why, without a password."""


class MessageRefusedError(MailerError):
    """The server refused this message: a try of it. Others may be taken.

    ``failing`` is a code when it was refused because of its address, for good.
    """

    def __init__(self, reason: str, *, failing: str = "") -> None:
        super().__init__(reason)
        self.failing = failing


class MailServerError(MailerError):
    """The server cannot be reached, lets nobody in, or does not answer.

    ``was_tried`` says that the message was already under way, so that the server may have taken it;
    otherwise it was no try of any message.
    """

    def __init__(self, reason: str, *, was_tried: bool = False) -> None:
        super().__init__(reason)
        self.was_tried = was_tried


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where the mail server is, and how to sign in there; without ``user`` nobody signs in."""

    host: str
    port: int
    tls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)


class Conversation:
    """Hands ``mail`` over to the server, in at most so many ``seconds``; used once."""

    def __init__(
        self, address: ServerAddress, mail: EmailMessage, seconds: float, bounces_to: str = ""
    ) -> None:
        """``bounces_to`` is the address for reports, if it is not the sender's."""
        self._address = address
        self._bounces_to = bounces_to
        self._mail = mail
        self._seconds = seconds
        self._server: smtplib.SMTP | None = None
        self._was_tried = False
        self._is_left = False
        self._error: Exception | None = None
        self._ended = threading.Event()

    def hold(self, stop: threading.Event) -> None:
        """Return when the server has taken the mail; leave soon after ``stop`` is set.

        Raises MessageRefusedError, MailServerError.
        """
        if stop.is_set():
            raise MailServerError("the worker was told to stop")
        threading.Thread(target=self._run, daemon=True).start()
        leave_at = time.monotonic() + self._seconds
        while not self._ended.wait(_LOOK_SECONDS):
            if stop.is_set():
                leave_at = min(leave_at, time.monotonic() + LAST_SECONDS)
            if time.monotonic() >= leave_at:
                raise self._leave()
        if self._error is not None:
            raise _mailer_error(self._error, was_tried=self._was_tried) from self._error

    def _run(self) -> None:
        try:
            server = self._connect()
            # In this order: whoever leaves sets the one and then reads the other.
            self._was_tried = True
            if not self._is_left:
                server.send_message(self._mail, from_addr=self._bounces_to or None)
        except Exception as error:  # told by `hold`, in the other thread
            self._error = error
        finally:
            self._ended.set()
            self._hang_up()

    def _connect(self) -> smtplib.SMTP:
        """Everything before the message itself: what fails here would fail for any message."""
        to, context = self._address, ssl.create_default_context()
        if to.tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(timeout=TIMEOUT_SECONDS)
        self._server = server  # from here on `_leave` can end the conversation
        # The name the certificate must carry; `connect` alone does not note it.
        server._host = to.host  # type: ignore[attr-defined]
        code, answer = server.connect(to.host, to.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, answer)
        server.ehlo_or_helo_if_needed()
        if not to.tls and (to.user or server.has_extn("starttls")):
            server.starttls(context=context)
            server.ehlo_or_helo_if_needed()
        if to.user:
            server.login(to.user, to.password)
        return server

    def _leave(self) -> MailServerError:
        """End the conversation from outside, and say what it came to."""
        self._is_left = True
        connection = self._server.sock if self._server is not None else None
        if connection is not None:
            with suppress(OSError):
                # The plain socket's: that of TLS would change what the other thread reads from.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
        return MailServerError(
            "the conversation with the mail server took too long", was_tried=self._was_tried
        )

    def _hang_up(self) -> None:
        """Say goodbye without waiting for the answer: the message is taken, or it is not."""
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._server.putcmd("quit")
            with suppress(OSError):
                self._server.close()


def _mailer_error(error: Exception, *, was_tried: bool) -> MailerError:
    """Whether it was the server that failed or this message that was refused."""
    code, text = _answer(error)
    reason = f"{type(error).__name__}: {text}"
    # It closes, or takes no mail from our sender: the answer is the same for every message.
    is_for_all = isinstance(error, smtplib.SMTPSenderRefused) and code != _TOO_LARGE
    if not was_tried or is_for_all or code == _CLOSING:
        return MailServerError(reason)
    is_answer = isinstance(error, smtplib.SMTPException | ValueError)
    if is_answer and not isinstance(error, smtplib.SMTPServerDisconnected):
        is_address = isinstance(error, smtplib.SMTPRecipientsRefused)
        return MessageRefusedError(reason, failing=failing_status(code, text) if is_address else "")
    return MailServerError(reason, was_tried=True)


def _answer(error: Exception) -> tuple[int, str]:
    """The server's code, and that with its text, without the recipient's address; 0 and what
    happened, when there was no answer.
    """
    answer: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))  # a message has one recipient
    elif isinstance(error, smtplib.SMTPResponseException):
        code, answer = error.smtp_code, error.smtp_error
    else:
        return 0, str(error)
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return code, f"{code} {text}"
