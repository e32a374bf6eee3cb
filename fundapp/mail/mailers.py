"""Ways to deliver a message: an SMTP server, or the outbox page alone.

``SMTP_URL`` is ``smtp://user:password@host:587`` (STARTTLS where the server offers it, and always
before a password is sent) or ``smtps://…`` (TLS from the start); ``?from=`` names the sender.
"""

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from fundapp.mail.drafts import OutgoingMessage

TIMEOUT_SECONDS = 20
_PORTS = {"smtp": 587, "smtps": 465}


class MailerError(Exception):
    """The message was not taken; the text says why, without a password."""


class Mailer(Protocol):
    """Delivers one message, or raises MailerError."""

    def send(self, message: OutgoingMessage) -> None:
        """Deliver ``message``."""


class OutboxMailer:
    """The demo's: the outbox page already shows the message, so nothing more is sent."""

    def send(self, message: OutgoingMessage) -> None:
        """Nothing to do."""


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Delivers messages to one SMTP server."""

    host: str
    port: int
    sender: str
    tls: bool = False
    user: str = ""
    password: str = ""

    @classmethod
    def from_url(cls, url: str, *, default_host: str) -> "SmtpMailer":
        """Read ``SMTP_URL``. Raises MailerError."""
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise MailerError("SMTP_URL needs the form smtp://user:password@host:port")
        return cls(
            host=parts.hostname,
            port=parts.port or _PORTS[parts.scheme],
            sender=parse_qs(parts.query).get("from", [f"no-reply@{default_host}"])[0],
            tls=parts.scheme == "smtps",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    def send(self, message: OutgoingMessage) -> None:
        """Send ``message`` to the server. Raises MailerError."""
        try:
            with self._connection() as server:
                server.send_message(self.compose(message))
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise MailerError(f"{type(error).__name__}: {error}") from error

    def compose(self, message: OutgoingMessage) -> EmailMessage:
        """The message as it is sent; its Message-ID stays the same in every attempt."""
        mail = EmailMessage()
        mail["From"] = self.sender
        mail["To"] = message.to_address
        mail["Subject"] = message.subject
        mail["Date"] = format_datetime(message.queued_at)
        mail["Message-ID"] = f"<{message.id}@{self.sender.rpartition('@')[2]}>"
        mail["Content-Language"] = message.locale
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.body)
        return mail

    def _connection(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
            server.ehlo()
            if self.user or server.has_extn("starttls"):
                server.starttls(context=context)
        if self.user:
            server.login(self.user, self.password)
        return server


def mailer_of(config: Mapping[str, Any]) -> Mailer | None:
    """The mailer of the settings; None, outside of the demo, when no mail server is set."""
    if config["SMTP_URL"]:
        host = urlsplit(config["PUBLIC_URL"]).hostname or "localhost"
        return SmtpMailer.from_url(config["SMTP_URL"], default_host=host)
    return OutboxMailer() if config["DEMO"] else None
