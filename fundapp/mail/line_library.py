"""LINE's own library; nothing else in the program knows it. It is loaded with the first message
that goes by LINE, as it takes a second.
"""

import json
from typing import Any

from linebot.v3.messaging import (
    ApiClient,
    Configuration,
    MessagingApi,
    PushMessageRequest,
    TextMessage,
)
from linebot.v3.messaging.exceptions import ApiException
from urllib3.exceptions import ConnectTimeoutError, HTTPError, MaxRetryError, NewConnectionError

from fundapp.mail.conversations import MailerError, MailServerError, MessageRefusedError
from fundapp.mail.drafts import OutgoingMessage
from fundapp.mail.line import retry_key

_CONNECT_SECONDS = 10.0
_TAKEN_BEFORE, _TOO_MANY = 409, 429
#: LINE's answers that the recipient takes nothing: not a friend (any more), or no such person.
_BLOCKED = 403
_LONGEST = 150


class Push:
    """One push of a message, in a thread of its own: what came of it is told by `tell`."""

    def __init__(
        self, token: str, base: str, message: OutgoingMessage, texts: list[str], seconds: float
    ) -> None:
        self._settings = Configuration(access_token=token, **({"host": base} if base else {}))
        # The outbox tries again, with the same key.
        self._settings.retries = False
        self._message, self._texts, self._seconds = message, texts, seconds
        self._error: MailerError | None = None

    def run(self) -> None:
        """Push it."""
        request = PushMessageRequest(
            to=self._message.to_address, messages=[TextMessage(text=text) for text in self._texts]
        )
        try:
            with ApiClient(self._settings) as client:
                MessagingApi(client).push_message(
                    request,
                    x_line_retry_key=retry_key(self._message.id),
                    _request_timeout=(_CONNECT_SECONDS, self._seconds),
                )
        except ApiException as error:
            self._error = _of_answer(error)
        except (HTTPError, OSError) as error:
            self._error = MailServerError(_named(error), was_tried=not _never_connected(error))
        except Exception as error:  # of the library, before it asks or of an answer not understood
            self._error = MailServerError(_named(error), was_tried=True)

    def tell(self) -> None:
        """Raise what went wrong: MessageRefusedError, MailServerError."""
        if self._error is not None:
            raise self._error


def _of_answer(error: ApiException) -> MailerError | None:
    """What an answer of LINE that is no success means; None when it took the message before."""
    status, reason = error.status or 0, f"LINE: {error.status} {_words(error)}".strip()
    if status == _TAKEN_BEFORE:
        return None
    if status in {401, _TOO_MANY}:
        return MailServerError(reason)
    if status >= 500:
        return MailServerError(reason, was_tried=True)
    return MessageRefusedError(reason, failing="blocked" if _is_of_recipient(error) else "")


def _is_of_recipient(error: ApiException) -> bool:
    return error.status == _BLOCKED or (error.status == 400 and "'to'" in _words(error))


def _words(error: ApiException) -> str:
    """The sentence of the answer, which names nobody."""
    try:
        told: Any = json.loads(error.body or "")
    except ValueError:
        return ""
    return str(told.get("message", ""))[:_LONGEST] if isinstance(told, dict) else ""


def _never_connected(error: Exception) -> bool:
    cause = error.reason if isinstance(error, MaxRetryError) else error
    return isinstance(cause, NewConnectionError | ConnectTimeoutError)


def _named(error: Exception) -> str:
    return f"LINE: {type(error).__name__}"
