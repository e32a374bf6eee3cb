"""What a browser sends when a visitor pledges: the form as it was opened, filled in."""

import re
import secrets
from html import unescape
from urllib.parse import urlencode

from bench import load

_INPUT = re.compile(r"<input[^>]*>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


class Pledging:
    """Makes one POST after another, each a new pledge of three gifts by a new donor."""

    def __init__(self, connection: load.Connection) -> None:
        _, answer = connection.send(load.get("/give").replace(load.ACCEPTS.encode(), b""))
        head, _, body = answer.decode().partition("\r\n\r\n")
        cookies = re.findall(r"^Set-Cookie: ([^;\r]+)", head, re.MULTILINE | re.IGNORECASE)
        self.cookies = f"Cookie: {'; '.join(cookies)}\r\n" if cookies else ""
        inputs = [dict(_ATTRIBUTE.findall(tag)) for tag in _INPUT.findall(body)]
        self.hidden = {
            each["name"]: unescape(each.get("value", ""))
            for each in inputs
            if each.get("type") == "hidden" and "name" in each
        }
        self.fund = next(each["value"] for each in inputs if each.get("name") == "fund")

    def __call__(self) -> bytes:
        """The next request."""
        key = secrets.token_urlsafe(16)
        fields = {
            **self.hidden,
            "form_id": key,
            "step": "make",
            "amount": "300",
            "fund": self.fund,
            "frequency": "monthly",
            "instalments": "3",
            "amount_is": "each",
            "name": "ผู้ให้",
            "email": f"{secrets.token_hex(8)}@example.org",
            "method": "promptpay",
        }
        return post("/give", fields, self.cookies)


def post(path: str, fields: dict[str, str], headers: str = "") -> bytes:
    """A POST of a form of this site."""
    body = urlencode(fields)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{load.ACCEPTS}{headers}"
        "Origin: http://127.0.0.1\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()
