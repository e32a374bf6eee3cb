"""Ways to deliver a message: an SMTP server, or the outbox page alone.

``SMTP_URL`` is ``smtp://user:password@host:587`` (STARTTLS where the server offers it, and always
before a password is sent) or ``smtps://…`` (TLS from the start); ``?from=`` names the sender, and
``&bounces=`` the address for reports of what could not be delivered: each message gets one of its
own, ``name+token@host`` (VERP), if the mail server there takes what follows the plus sign.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from fundapp.mail.conversations import (
    DEADLINE_SECONDS,
    Conversation,
    MailerError,
    MessageRefusedError,
    ServerAddress,
)
from fundapp.mail.drafts import OutgoingMessage
from fundapp.mail.html import html_of

_PORTS = {"smtp": 587, "smtps": 465}


class Mailer(Protocol):
    """Delivers one message, or raises MessageRefusedError or MailServerError."""

    def send(self, message: OutgoingMessage, stop: threading.Event) -> None:
        """Deliver ``message``; give up soon after ``stop`` is set."""


class OutboxMailer:
    """The demo's: the outbox page already shows the message, so nothing more is sent."""

    def send(self, message: OutgoingMessage, stop: threading.Event) -> None:
        """Nothing to do."""


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Delivers messages to one SMTP server, each within ``seconds``."""

    server: ServerAddress
    sender: str
    seconds: float = DEADLINE_SECONDS
    bounces: str = ""

    @classmethod
    def from_url(cls, url: str, *, default_host: str) -> "SmtpMailer":
        """Read ``SMTP_URL``. Raises MailerError."""
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise MailerError("SMTP_URL needs the form smtp://user:password@host:port")
        server = ServerAddress(
            host=parts.hostname,
            port=parts.port or _PORTS[parts.scheme],
            tls=parts.scheme == "smtps",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )
        asked = parse_qs(parts.query)
        sender = asked.get("from", [f"no-reply@{default_host}"])[0]
        return cls(server, sender, bounces=asked.get("bounces", [""])[0])

    def send(self, message: OutgoingMessage, stop: threading.Event) -> None:
        """Send ``message``. Raises MessageRefusedError, MailServerError."""
        try:
            mail = self.compose(message)
        except ValueError as error:
            raise MessageRefusedError(f"{type(error).__name__}: {error}") from error
        name, at, host = self.bounces.partition("@")
        bounces_to = f"{name}+{message.token}@{host}" if at else ""
        Conversation(self.server, mail, self.seconds, bounces_to).hold(stop)

    def compose(self, message: OutgoingMessage) -> EmailMessage:
        """The message as it is sent; its Message-ID stays the same in every attempt."""
        mail = EmailMessage()
        mail["From"] = self.sender
        mail["To"] = message.to_address
        mail["Subject"] = message.subject
        mail["Date"] = format_datetime(message.queued_at)
        mail["Message-ID"] = f"<{message.token}@{self.sender.rpartition('@')[2]}>"
        mail["Content-Language"] = message.locale
        mail["Auto-Submitted"] = "auto-generated"
        if message.stop_url:
            # Mail programs show a button for it (RFC 2369), which sends one POST (RFC 8058).
            mail["List-Unsubscribe"] = f"<{message.stop_url}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail.set_content(message.body)
        mail.add_alternative(html_of(message), subtype="html")
        return mail


def mailer_of(config: Mapping[str, Any]) -> Mailer | None:
    """The mailer of the settings, for e-mail; None, outside of the demo, when no mail server is
    set.
    """
    if config["SMTP_URL"]:
        host = urlsplit(config["PUBLIC_URL"]).hostname or "localhost"
        return SmtpMailer.from_url(config["SMTP_URL"], default_host=host)
    return (config.get("DEMO_MAILER") or OutboxMailer()) if config["DEMO"] else None
