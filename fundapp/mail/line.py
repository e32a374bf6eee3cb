"""The fund's Official Account at LINE: where messages are pushed, where a donor writes to it, and
what it tells. The library that pushes takes long to load: `fundapp.mail.line_library` alone knows
it.
"""

import base64
import hashlib
import hmac
import importlib
import json
import re
import threading
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from fundapp.labels import LabelledEnum
from fundapp.mail.conversations import DEADLINE_SECONDS, LAST_SECONDS, MailServerError
from fundapp.mail.drafts import OutgoingMessage
from fundapp.mail.mailers import Mailer, OutboxMailer
from fundapp.markers import N_

#: Characters of one message (UTF-16 units), and how many one push may hold.
MOST_CHARACTERS, MOST_TEXTS = 5_000, 5
_LOOK_SECONDS = 0.1
_NAMESPACE = uuid.UUID("8a4b1b1e-6b0c-4d52-9a55-5b0f7a1f6f0c")
_USER = re.compile(r"U[0-9a-f]{32}")
_EVENT_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_LONGEST_TEXT = 200


class LineEventKind(LabelledEnum):
    """What LINE tells of somebody."""

    FOLLOW = "follow", N_("Follows the account")
    UNFOLLOW = "unfollow", N_("Blocked the account")
    TEXT = "text", N_("Wrote to the account")


@dataclass(frozen=True, slots=True)
class LineEvent:
    """What LINE tells: that ``line_user`` did something at an instant. ``text`` is what was
    written, which may be a code.
    """

    event_id: str
    kind: LineEventKind
    line_user: str
    happened_at: datetime
    text: str = ""


def retry_key(message_id: int) -> str:
    """The key of a message at LINE: the same message is taken once, however often it is pushed."""
    return str(uuid.uuid5(_NAMESPACE, str(message_id)))


def texts_of(message: OutgoingMessage) -> list[str]:
    """The message as LINE shows it: its subject and its body, in as many parts as it takes."""
    rest = f"{message.subject}\n\n{message.body.strip()}"
    texts: list[str] = []
    while rest and len(texts) < MOST_TEXTS:
        end = len(rest) if len(rest) <= MOST_CHARACTERS // 2 else _end_of_part(rest)
        texts.append(rest[:end].strip())
        rest = rest[end:].strip()
    return texts


def _end_of_part(text: str) -> int:
    """Where a part ends: after a paragraph, else a line, else wherever it must. Half of the
    characters are kept free, as some count twice.
    """
    most = MOST_CHARACTERS // 2
    return max(text.rfind("\n\n", 1, most), 0) or max(text.rfind("\n", 1, most), 0) or most


class LineMailer:
    """Pushes messages to the friends of the account with ``token``; ``base`` replaces LINE's own
    address.
    """

    def __init__(self, token: str, base: str = "", seconds: float = DEADLINE_SECONDS) -> None:
        self._token, self._base, self._seconds = token, base, seconds

    def send(self, message: OutgoingMessage, stop: threading.Event) -> None:
        """Push ``message``. Raises MessageRefusedError, MailServerError."""
        if stop.is_set():
            raise MailServerError("the worker was told to stop")
        library = importlib.import_module("fundapp.mail.line_library")
        push = library.Push(self._token, self._base, message, texts_of(message), self._seconds)
        thread = threading.Thread(target=push.run, daemon=True)
        thread.start()
        left = self._seconds
        while thread.is_alive() and left > 0:
            thread.join(_LOOK_SECONDS)
            left = min(left - _LOOK_SECONDS, LAST_SECONDS if stop.is_set() else left)
        if thread.is_alive():
            raise MailServerError("the conversation with LINE took too long", was_tried=True)
        push.tell()


def line_mailer_of(config: Mapping[str, Any]) -> Mailer | None:
    """The mailer of the settings, for LINE; None, outside of the demo, when no token is set."""
    if config["LINE_CHANNEL_TOKEN"]:
        return LineMailer(config["LINE_CHANNEL_TOKEN"], config["LINE_API_BASE"])
    return OutboxMailer() if config["DEMO"] else None


def chat_url(config: Mapping[str, Any], text: str) -> str:
    """Where a donor's phone opens LINE with ``text`` ready to be sent to the account; empty when
    the account's name is not set.
    """
    name = config["LINE_BASIC_ID"]
    base = config["LINE_API_BASE"] or "https://line.me"
    return f"{base}/R/oaMessage/{quote(name, safe='')}/?{quote(text)}" if name else ""


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether LINE signed ``body`` with the channel's secret."""
    digest = hmac.digest(secret.encode(), body, hashlib.sha256)
    told = signature.encode("ascii", "replace")
    return bool(secret) and hmac.compare_digest(base64.b64encode(digest), told)


def read_events(body: bytes) -> list[LineEvent]:
    """What the signed ``body`` tells of people, as far as it is understood. Raises ValueError when
    it is no list of events at all.
    """
    told = json.loads(body)
    events = told.get("events") if isinstance(told, dict) else None
    if not isinstance(events, list):
        raise ValueError("no events")
    return list(_understood(events))


def _understood(events: list[Any]) -> Iterator[LineEvent]:
    for event in events:
        if not isinstance(event, dict):
            continue
        source, message = event.get("source"), event.get("message")
        kind = _kind(event.get("type"), message)
        at, event_id = event.get("timestamp"), event.get("webhookEventId")
        if kind is None or not isinstance(source, dict) or source.get("type") != "user":
            continue
        user = source.get("userId")
        if not (isinstance(user, str) and _USER.fullmatch(user)):
            continue
        if not (isinstance(event_id, str) and _EVENT_ID.fullmatch(event_id)):
            continue
        if not isinstance(at, int) or isinstance(at, bool) or not 0 < at < 10**13:
            continue
        text = message["text"][:_LONGEST_TEXT] if isinstance(message, dict) else ""
        moment = datetime.fromtimestamp(at // 1000, UTC)
        yield LineEvent(event_id, kind, user, moment, text)


def _kind(name: object, message: object) -> LineEventKind | None:
    if name in {"follow", "unfollow"}:
        return LineEventKind(str(name))
    if name != "message" or not isinstance(message, dict) or message.get("type") != "text":
        return None
    return LineEventKind.TEXT if isinstance(message.get("text"), str) else None
