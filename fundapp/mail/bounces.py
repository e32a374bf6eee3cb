"""What a mail server reports of a message that it could not deliver (RFC 3464), of which nothing is
kept but the code and the name of the message. Pure.

Anybody may send us such a report, so it is believed only for the token of a message of ours, which
stands in its Message-ID and, where ``SMTP_URL`` says so, in the address that reports are sent to.
"""

import re
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser

#: Bytes of a report that are looked at, and how many parts it may have.
MOST_READ = 512 * 1024
_MOST_PARTS = 30
_MOST_BOUNDARIES = 10
_TOKEN = re.compile(r"\b(\d{1,19}\.[0-9a-f]{20})\b")
_STATUS = re.compile(r"\b([45]\.\d{1,3}\.\d{1,3})\b")
_FIELD = 400


@dataclass(frozen=True, slots=True)
class Bounce:
    """That a message came back for good: its token, and the code, e.g. ``5.1.1``."""

    token: str
    status: str


def read_bounce(raw: bytes) -> Bounce | None:
    """The report in a message of e-mail; None for anything else, also for a report that a message
    is late, that it arrived, or that is too large or too deep to be one.
    """
    raw = raw[:MOST_READ]
    if raw.lower().count(b"boundary=") > _MOST_BOUNDARIES:
        return None
    try:
        # Not the policy that reads header fields: what is hostile there is not read at all.
        mail = BytesParser(policy=policy.compat32).parsebytes(raw)
        parts = _parts(mail)
    except (MessageError, RecursionError, ValueError, LookupError):
        return None
    status = next(filter(None, map(_failure, parts)), "")
    if not status:
        return None
    texts = [_header(mail, "Delivered-To"), _header(mail, "X-Original-To"), _header(mail, "To")]
    texts += [text for part in parts for text in _names(part)]
    found = next((match[1] for text in texts if (match := _TOKEN.search(text))), None)
    return None if found is None else Bounce(found, status)


def _parts(mail: Message) -> list[Message]:
    parts: list[Message] = []
    for part in mail.walk():
        parts.append(part)
        if len(parts) == _MOST_PARTS:
            break
    return parts


def _failure(part: Message) -> str:
    """The code of a failure that a part reports of a recipient: its fields follow an empty line."""
    if _header(part, "Action").strip().lower() != "failed":
        return ""
    match = _STATUS.search(_header(part, "Status"))
    return match[1] if match else ""


def _names(part: Message) -> list[str]:
    """Where a part may name our message: its own Message-ID, or that of headers sent as a text."""
    texts = [_header(part, "Message-ID"), _header(part, "Original-Envelope-Id")]
    if part.get_content_type() == "text/rfc822-headers":
        payload = part.get_payload(decode=True)
        text = payload.decode("ascii", "replace") if isinstance(payload, bytes) else ""
        texts += [line[:_FIELD] for line in text.splitlines() if _is_message_id(line)]
    return texts


def _is_message_id(line: str) -> bool:
    return line[:11].lower() == "message-id:"


def _header(part: Message, name: str) -> str:
    return str(part.get(name, ""))[:_FIELD]
