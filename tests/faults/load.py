"""Who gives and who records, over HTTP, and what each was answered.

What was not acknowledged is sent again with the same form, as a person does who presses the button
once more.
"""

import http.client
import itertools
import re
import secrets
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from fundapp import clock
from tests.faults.processes import Group, Server, post, recovery_code

PASSWORD = "mangosteen tractor 41 lantern"
OFFICER, AUDITOR = "officer@example.org", "auditor@example.org"
FUND = "GENERAL"
#: Seconds between two tries of what was not acknowledged.
PAUSE = 0.05
#: A day that has come, also when the clock is set back.
RECEIVED_ON = (clock.today() - timedelta(days=31)).isoformat()


#: Each code signs in once.
_numbers: dict[str, Iterator[int]] = defaultdict(itertools.count)


class Browser:
    """Keeps cookies and a form token; every request is one of a new connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.token = ""

    def send(self, method: str, path: str, fields: dict | None = None) -> tuple[int, dict, str]:
        """Status, headers and text; OSError or HTTPException when the answer does not come."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": "; ".join(f"{name}={text}" for name, text in self.cookies.items())}
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({"csrf_token": self.token, **fields})
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer.status, dict(answer.headers), text

    def open_form(self, path: str) -> bool:
        """Take the token of a form; False when it is not shown."""
        status, _headers, text = self.send("GET", path)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
        if status != 200 or found is None:
            return False
        self.token = found[1]
        return True

    def sign_in(self, email: str) -> bool:
        """Whether it succeeded."""
        self.cookies.pop("__Host-sid", None)
        fields = {"email": email, "password": PASSWORD}
        if not self.open_form("/sign-in") or self.send("POST", "/sign-in", fields)[0] != 303:
            return False
        fields = {"factor_code": recovery_code(email, next(_numbers[email]))}
        path = "/sign-in/factor"
        return self.open_form(path) and self.send("POST", path, fields)[0] == 303


@dataclass(slots=True)
class Tally:
    """What the requests were answered, and the keys of what was acknowledged."""

    requests: int = 0
    acknowledged: int = 0
    refused: int = 0
    cut: int = 0
    errors: int = 0
    other: Counter = field(default_factory=Counter)
    without_retry: int = 0
    #: A form was too old, or a session over: opened again, and sent again.
    begun_again: int = 0
    #: Not acknowledged although the fault was over before the request began.
    late: int = 0
    keys: set[str] = field(default_factory=set)


class Load:
    """Donors, an officer and a posting process, from `start` to `stop`."""

    def __init__(self, server: Server, folder: Path, donors: int = 4) -> None:
        self.server, self.donors = server, donors
        self.tally = Tally()
        self.over_since: float | None = None
        self.is_running = True
        self._guard = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._posted = folder / f"posted-{secrets.token_hex(4)}"
        self.poster: Group | None = None

    def start(self) -> "Load":
        """Begin; everybody has opened a form before."""
        browsers = [Browser(self.server.port) for _ in range(self.donors + 1)]
        for browser in browsers[1:]:
            assert browser.open_form("/give")
        assert browsers[0].sign_in(OFFICER)
        assert browsers[0].open_form("/payments/new")
        for browser, act in zip(browsers, [self._record, *[self._give] * self.donors], strict=True):
            thread = threading.Thread(target=self._repeat, args=(browser, act), daemon=True)
            self._threads.append(thread)
            thread.start()
        self.start_poster()
        return self

    def start_poster(self) -> None:
        """A process that posts to the journal without a page."""
        key = f"post-{secrets.token_hex(4)}"
        server = self.server
        self.poster = Group(post, (str(self._posted), key), server.environment, server.log)

    def fault_is_over(self) -> None:
        """From now on every request has to succeed."""
        self.over_since = time.monotonic()

    def fault_begins(self) -> None:
        """Requests may be refused or cut again."""
        self.over_since = None

    def stop(self) -> Tally:
        """End and give the tally."""
        self.is_running = False
        for thread in self._threads:
            thread.join(40)
        if self.poster:
            self.poster.kill()
        return self.tally

    def posted(self) -> set[str]:
        """The keys of the entries that the posting processes saw committed."""
        return set(self._posted.read_text().split()) if self._posted.exists() else set()

    def _repeat(self, browser: Browser, act) -> None:
        key = secrets.token_hex(8)
        while self.is_running:
            began = time.monotonic()
            try:
                status, headers, _text = act(browser, key)
            except (OSError, http.client.HTTPException):
                status, headers = 0, {}
            if status == 400 or (status == 302 and "/sign-in" in headers.get("Location", "")):
                self._start_again(browser, act)
                continue
            self._count(key, status, headers, began)
            if status == 303:
                key = secrets.token_hex(8)
            else:
                time.sleep(PAUSE)

    def _start_again(self, browser: Browser, act) -> None:
        """Sign in again, or open the form again: the answer said so."""
        with self._guard:
            self.tally.begun_again += 1
        try:
            if act == self._record:
                browser.sign_in(OFFICER)
                browser.open_form("/payments/new")
            else:
                browser.open_form("/give")
        except (OSError, http.client.HTTPException):
            time.sleep(PAUSE)

    def _count(self, key: str, status: int, headers: dict, began: float) -> None:
        tally = self.tally
        with self._guard:
            tally.requests += 1
            if status == 303:
                tally.acknowledged += 1
                tally.keys.add(key)
                return
            tally.late += self.over_since is not None and began >= self.over_since
            if status == 0:
                tally.cut += 1
            elif status == 503:
                tally.refused += 1
                tally.without_retry += "Retry-After" not in headers
            elif status >= 500:
                tally.errors += 1
            else:
                tally.other[str(status)] += 1

    @staticmethod
    def _give(browser: Browser, key: str) -> tuple[int, dict, str]:
        fields = {
            "form_id": key, "amount": "300", "fund": FUND, "frequency": "once", "name": "ผู้ให้",
            "email": f"{key}@example.org", "method": "promptpay",
        }  # fmt: skip
        return browser.send("POST", "/give", fields)

    @staticmethod
    def _record(browser: Browser, key: str) -> tuple[int, dict, str]:
        fields = {
            "form_id": key, "amount": "500", "fund": FUND, "payer_name": "ผู้ให้", "method": "cash",
            "received_on": RECEIVED_ON,
        }  # fmt: skip
        return browser.send("POST", "/payments/new", fields)
