"""Messages before they are queued: plain values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDraft:
    """One message to be, plain text in one language.

    ``recipient_*`` says whose file keeps it (``donor`` and a public id), ``about_*`` its cause.
    """

    recipient_type: str
    recipient_ref: str
    about_type: str
    about_ref: str
    to_address: str
    subject: str
    body: str
    locale: str
