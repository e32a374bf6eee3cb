"""One request for 4,400 children: filled from a file, asked, approved and paid on the pages, as
four people do it; and the pages that each of them then opens.
"""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bench.databases import dispose, open_books, settings
from bench.figures import Figures
from bench.processor import Clock, clock_of
from fundapp import clock, create_app
from fundapp.db import db
from fundapp.identity.models import User
from fundapp.ledger import chart
from tests.factories.books import make_gift
from tests.factories.children import RAMAN
from tests.factories.classes import make_school
from tests.factories.identity import make_user, open_session_of

CHILDREN, EACH_BAHT = 4_400, 500
#: Seconds for each step.
MOST = 5.0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the staff at a browser."""

    email: str
    client: FlaskClient

    def sign_in(self) -> None:
        """Prove the second factor anew, which a form that moves money asks for after minutes."""
        self.client.set_cookie("sid", open_session_of(self.client.application, self.email))

    def post(self, url: str, **values: Any) -> TestResponse:
        """Send a form that must be taken."""
        return self._answered(self.client.post(url, data=values), url)

    def get(self, url: str) -> TestResponse:
        """Open a page that must answer."""
        return self._answered(self.client.get(url), url)

    @staticmethod
    def _answered(answer: TestResponse, url: str) -> TestResponse:
        if answer.status_code not in (200, 303):
            raise RuntimeError(f"{url} answered {answer.status_code}: {answer.text[-2000:]}")
        return answer


def measure(kind: str, url: str, figures: Figures, children: int = CHILDREN) -> None:
    """Print the seconds of each step on an empty database; its aim is for 4,400 children."""
    open_books(url)
    app = create_app({**settings(url), "WTF_CSRF_ENABLED": False})
    try:
        _measure(f"{kind} {children:,} children", app, figures, children)
    finally:
        dispose(app)


def _measure(title: str, app: Flask, figures: Figures, children: int) -> None:
    with app.app_context():
        manager = make_user("case_manager", (RAMAN,))
        verifier, approver = make_user("fund_officer"), make_user("approver")
        payer = make_user("fund_officer")
        make_gift(2 * children * EACH_BAHT * 100, "GEN")
        db.session.commit()
        people = tuple(_at_browser(app, user) for user in (manager, verifier, approver, payer))
        at = clock_of(app)
        with _timed(f"{title}: the list taken over", at, figures, None):
            codes = make_school(manager, children)
    _walk(title, codes, people, at, figures)


def _walk(
    title: str, codes: list[str], people: tuple[Person, ...], at: Clock, figures: Figures
) -> None:
    asker, verifier, approver, officer = people
    rows = "\n".join(["code,amount", *(f"{code},{EACH_BAHT}" for code in codes)]).encode()
    form = {
        "fund": "GEN", "need": "education", "payee_kind": "school", "payout_method": "transfer",
        "bank": "006", "account_number": "123-4-56789-0", "reason": "Shoes for all classes",
    }  # fmt: skip
    asker.sign_in()
    with _timed(f"{title}: the list filled from a file", at, figures):
        asker.post("/disbursements/new", file=(io.BytesIO(rows), "class.csv"), **form)
    lines = "\n".join(f"{code} {EACH_BAHT}" for code in codes)
    with _timed(f"{title}: asked", at, figures):
        sent = asker.post("/disbursements/new", more_lines=lines, **form)
    request = str(sent.headers["Location"]).partition("?")[0]
    verifier.sign_in()
    with _timed(f"{title}: bank details verified", at, figures):
        found = {"check-version": "1", "check-answer": "matches", "check-checked_by": "book"}
        verifier.post(f"{request}/verify", **found)
    approver.sign_in()
    with _timed(f"{title}: its page for who decides", at, figures):
        approver.get(request)
    with _timed(f"{title}: approved", at, figures):
        approver.post(f"{request}/approve", version="1")
    officer.sign_in()
    with _timed(f"{title}: its page for who pays", at, figures):
        officer.get(request)
    today = clock.today()
    paid = {
        "paid_on": f"{today.day}/{today.month}/{today.year}", "paid_from": chart.BANK_MAIN,
        "bank_reference": "KTB-1",
    }  # fmt: skip
    with _timed(f"{title}: paid", at, figures):
        officer.post(f"{request}/pay", version="2", **paid)
    asker.sign_in()
    with _timed(f"{title}: its page afterwards", at, figures):
        asker.get(request)


def _at_browser(app: Flask, user: User) -> Person:
    client = app.test_client()
    client.set_cookie("lang", "en")
    return Person(user.email, client)


@contextmanager
def _timed(name: str, at: Clock, figures: Figures, aim: float | None = MOST) -> Iterator[None]:
    """Tell how long the block takes: of the processor, which counts, and on the wall."""
    cpu, wall = at(), time.perf_counter()
    yield
    cpu, wall = at() - cpu, time.perf_counter() - wall
    told = f"{cpu:7.2f} s  (wall {wall:.2f})"
    if aim is None:
        figures.tell(name, told)
    else:
        figures.judge(name, told, f"at most {aim:g} s", cpu <= aim)
