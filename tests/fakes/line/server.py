"""The part that listens: ``POST /v2/bot/message/push``, and pages of commands."""

import base64
import hashlib
import hmac
import json
import threading
import time
import uuid
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.fakes.line import pages

#: What each thing that is sent may hold; what begins with an exclamation mark must be there.
_PUSH = {"to": "!", "messages": "!", "notificationDisabled": "", "customAggregationUnits": ""}
_TEXT = {"type": "!", "text": "!", "emojis": "", "quoteToken": "", "quickReply": "", "sender": ""}
_MOST_TEXTS, _LONGEST = 5, 5_000


class RefusedError(Exception):
    """The interface refuses a call."""

    def __init__(self, status, message, headers=None):
        super().__init__(message)
        self.status, self.headers = status, headers or {}


class FakeLine:
    """LINE on a loopback port, in a thread of its own; a context manager.

    ``people`` are those with an account at LINE: whether they follow the fund, and the texts that
    they got. ``answers`` are statuses with which the next calls are refused; ``lost`` says that the
    next ones are carried out and their answers lost. Tests may replace ``tell`` and ``now``.
    """

    def __init__(self, port=0, *, token="line_fake", secret="line_secret_fake"):
        self.token, self.secret, self.webhook = token, secret, ""
        self.calls, self.answers, self.lost, self.taken = [], [], 0, {}
        self.people, self.events = {}, []
        self.lock = threading.RLock()
        handler = type("Handler", (_Handler,), {"fake": self})
        self.http = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.tell, self.now = self._post, time.time

    def __enter__(self):
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.http.shutdown()
        self.http.server_close()

    # ------------------------------------------------------------------------------ what people do

    def join(self, name="Somchai"):
        """Somebody with an account at LINE, who does not follow the fund yet; the id."""
        user = "U" + hashlib.md5(f"{name}{len(self.people)}".encode()).hexdigest()  # noqa: S324
        self.people[user] = {"name": name, "follows": False, "got": []}
        return user

    def follow(self, user):
        """Follow the fund's account, perhaps again."""
        self.people[user]["follows"] = True
        return self._event("follow", user, replyToken=uuid.uuid4().hex)

    def block(self, user):
        """Block it."""
        self.people[user]["follows"] = False
        return self._event("unfollow", user)

    def write(self, user, text):
        """Write to it; who writes follows it."""
        if not self.people[user]["follows"]:
            self.follow(user)
        message = {"type": "text", "id": uuid.uuid4().hex, "quoteToken": "q", "text": text}
        return self._event("message", user, message=message, replyToken=uuid.uuid4().hex)

    def _event(self, kind, user, **more):
        event = {
            "type": kind,
            "webhookEventId": uuid.uuid4().hex.upper()[:26],
            "deliveryContext": {"isRedelivery": False},
            "timestamp": int(self.now() * 1000),
            "source": {"type": "user", "userId": user},
            "mode": "active",
            **more,
        }
        self.events.append(event)
        return self.tell(*self.signed([event]))

    def signed(self, events):
        """The bytes that tell of events, and their signature."""
        body = json.dumps({"destination": "U" + 32 * "0", "events": events}).encode()
        digest = hmac.digest(self.secret.encode(), body, hashlib.sha256)
        return body, base64.b64encode(digest).decode()

    def _post(self, body, signature):
        if not self.webhook:
            return 0
        headers = {"Content-Type": "application/json", "X-Line-Signature": signature}
        address = urlsplit(self.webhook)
        connection = HTTPConnection(address.hostname, address.port, timeout=20)
        try:
            connection.request("POST", address.path, body, headers)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    # ------------------------------------------------------------------------------- the interface

    def push(self, headers, text):
        """Status, body and headers of a push."""
        self.calls.append(text)
        try:
            if self.answers:
                raise RefusedError(self.answers.pop(0), "Refused on command.")
            if headers.get("Authorization") != f"Bearer {self.token}":
                raise RefusedError(401, "Authentication failed. Confirm that the access token is.")
            with self.lock:
                return 200, self._once(headers.get("X-Line-Retry-Key"), text), {}
        except RefusedError as error:
            return error.status, {"message": str(error)}, error.headers

    def _once(self, key, text):
        request_id = uuid.uuid4().hex
        if key is not None:
            self._check_key(key)
            if key in self.taken:
                known, body = self.taken[key]
                raise (
                    RefusedError(
                        409,
                        "The retry key is already accepted",
                        {"x-line-accepted-request-id": known},
                    )
                    if body == text
                    else RefusedError(400, "The retry key is of another message")
                )
        answer = self._take(_read(text))
        if key is not None:
            self.taken[key] = request_id, text
        return answer

    @staticmethod
    def _check_key(key):
        try:
            is_uuid = str(uuid.UUID(key)) == key
        except ValueError:
            is_uuid = False
        if not is_uuid:
            raise RefusedError(400, "Invalid retry key")

    def _take(self, asked):
        person = self.people.get(asked["to"])
        if person is None:
            raise RefusedError(400, "The property, 'to', in the request body is invalid")
        if not person["follows"]:
            raise RefusedError(403, "The user blocked the account or is no friend of it")
        texts = [message["text"] for message in asked["messages"]]
        person["got"] += texts
        return {"sentMessages": [{"id": str(n), "quoteToken": "q"} for n in range(len(texts))]}

    def command(self, name, values):
        """Carry out what somebody at LINE does."""
        user = values.get("user") or self.join(values.get("name") or "Somebody")
        if name == "write":
            self.write(user, values.get("text", ""))
        elif name in {"follow", "block"}:
            getattr(self, name)(user)
        elif name == "answer":
            self.answers.append(int(values["status"]))
        return user


def _read(text):
    """What a push asks for; RefusedError for what LINE does not take."""
    try:
        asked = json.loads(text)
    except ValueError as error:
        raise RefusedError(400, "The request body could not be parsed as JSON") from error
    _refuse_unknown(asked, _PUSH, "request body")
    messages = asked["messages"]
    if not isinstance(messages, list) or not 1 <= len(messages) <= _MOST_TEXTS:
        raise RefusedError(400, "Size must be between 1 and 5")
    for message in messages:
        _refuse_unknown(message, _TEXT, "message")
        if message["type"] != "text":
            raise RefusedError(400, "Only texts are sent in practice")
        if not 1 <= len(message["text"].encode("utf-16-le")) // 2 <= _LONGEST:
            raise RefusedError(400, "Length must be between 1 and 5000")
    return asked


def _refuse_unknown(thing, known, where):
    if not isinstance(thing, dict):
        raise RefusedError(400, f"The {where} is no object")
    for name, value in thing.items():
        if name not in known:
            raise RefusedError(400, f"Unknown field '{name}' in the {where}")
        if value is None:
            raise RefusedError(400, f"The property, '{name}', may not be null")
    for name, need in known.items():
        if need and not thing.get(name):
            raise RefusedError(400, f"The property, '{name}', must be specified")


class _Handler(BaseHTTPRequestHandler):
    fake = None
    protocol_version = "HTTP/1.1"
    # Headers and body in one packet: as two, the second waits for the client's delayed answer.
    wbufsize = -1

    def log_message(self, *_values):
        """Say nothing."""

    def do_GET(self):
        path = urlsplit(self.path)
        if path.path.startswith("/R/oaMessage/"):
            self._send(200, pages.write_page(self.fake, unquote(path.query)))
        elif path.path in {"/", "/control"}:
            self._send(200, pages.control_page(self.fake))
        else:
            self._send(404, pages.whole("Not found", ""))

    def do_POST(self):
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        path = urlsplit(self.path).path
        if path == "/v2/bot/message/push":
            status, body, headers = self.fake.push(self.headers, text)
            if self.fake.lost > 0:
                self.fake.lost -= 1
                self.close_connection = True
                return
            self._send(status, json.dumps(body), "application/json", headers)
        elif path.startswith("/control/"):
            self.fake.command(path.rpartition("/")[2], dict(parse_qsl(text)))
            self._send(303, "", headers={"Location": "/control"})
        else:
            self._send(404, json.dumps({"message": "Not found"}), "application/json")

    def _send(self, status, text, kind="text/html; charset=utf-8", headers=None):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
