"""Links to sign in, so that a visitor of the demo can follow them.

Without a mail server the demo's messages go nowhere, and the outbox shows nobody's secrets. In a
loaded demo the worker hands the links over to a file that only its owner can read, and the browser
that asked for a link is shown it. Only addresses that no mail can reach are taken.
"""

import json
import re
import threading
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from demo.folder import demo_folder, find_sign_ins
from fundapp import clock
from fundapp.db import db
from fundapp.identity.credentials import token_hash
from fundapp.identity.models import SignInLink
from fundapp.mail.drafts import OutgoingMessage
from fundapp.mail.mailers import OutboxMailer

_FILE = "demo-mailbox.json"
_LINK = re.compile(r"/sign-in/link/([A-Za-z0-9_-]+)")
#: How many links are kept; each works for a quarter of an hour only.
_MOST = 50
_NO_MAIL = "@example.org"


@dataclass(frozen=True, slots=True)
class DemoMailer(OutboxMailer):
    """The demo's mailer, which keeps links to sign in for the page of the mailbox."""

    folder: Path

    def send(self, message: OutgoingMessage, stop: threading.Event) -> None:
        """Keep the link of the message, if it has one."""
        found = _LINK.search(message.body)
        if found is not None and message.to_address.endswith(_NO_MAIL):
            _write(self.folder, [*_read(self.folder), found.group(1)][-_MOST:])


def is_open() -> bool:
    """Whether there is a mailbox: in a loaded demo without a mail server, never in service."""
    config = current_app.config
    return bool(config["DEMO"]) and not config["SMTP_URL"] and bool(find_sign_ins())


def find_link(browser: str) -> tuple[SignInLink, str] | None:
    """The newest link that this browser asked for and that still works, with its secret part."""
    if not browser:
        return None
    tokens = {token_hash(token): token for token in _read(demo_folder())}
    asked = select(SignInLink).where(
        SignInLink.token_sha256.in_(tokens), SignInLink.browser_sha256 == token_hash(browser)
    )
    links = db.session.scalars(asked.order_by(SignInLink.id.desc())).all()
    return next(
        ((link, tokens[link.token_sha256]) for link in links if link.is_open(clock.now())), None
    )


def _read(folder: Path) -> list[str]:
    path = folder / _FILE
    return list(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else []


def _write(folder: Path, tokens: list[str]) -> None:
    path = folder / _FILE
    path.touch(mode=0o600)
    path.write_text(json.dumps(tokens), encoding="utf-8")
