"""Plain values of mail: a message before it is queued, and as a mailer takes it."""

from dataclasses import dataclass
from datetime import datetime

from fundapp.mail.models import Channel, MessageKind

#: Stands in a stored body for what nobody but its recipient may read.
SECRET_MARK = "[[secret]]"  # noqa: S105


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDraft:
    """A message in plain text and one language, before it is queued.

    ``recipient_*`` say whose file keeps it (``donor`` and a public id), ``about_*`` its cause.
    ``secret`` is put in place of `SECRET_MARK` when the message is sent; the outbox does not show
    it. ``stop_url`` is where the recipient stops messages of this kind, if they can be stopped;
    with ``is_stopped`` that was done. One that proves that a mailbox is somebody's, or tells of
    what is in it, goes ``by_mail_only``.
    """

    recipient_type: str
    recipient_ref: str
    about_type: str
    about_ref: str
    to_address: str
    subject: str
    body: str
    locale: str
    secret: str = ""
    stop_url: str = ""
    kind: MessageKind = MessageKind.OTHER
    is_stopped: bool = False
    by_mail_only: bool = False


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """What a mailer needs of a message, without the database. ``token`` names it in what comes
    back, and nobody else can make one up.
    """

    id: int
    to_address: str
    subject: str
    body: str
    locale: str
    queued_at: datetime
    stop_url: str = ""
    token: str = ""
    channel: Channel = Channel.EMAIL
