"""What stands out among entries, and the reasons why nothing follows from it."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.access.permissions import Role
from fundapp.audit.exceptions.operations import dismiss_exception
from fundapp.audit.exceptions.rules import RULES, SeenEntry, expected_first_digits, first_digits
from fundapp.db import db, unit_of_work
from fundapp.errors import NotFoundError
from fundapp.ledger.models import EntryKind
from tests.factories.actors import AUDITOR
from tests.factories.books import make_approval, make_fund, make_gift
from tests.factories.identity import make_user, sign_in
from tests.factories.ledger import DAY

APPROVED = EntryKind.ASSISTANCE_APPROVED


def found(name, lines, limit=1_000_000):
    rule = next(rule for rule in RULES if rule.name == name)
    return [row.numbers for row in rule.find(lines, limit)]


def line(number, satang, kind=APPROVED, on=date(2026, 11, 24), posted=None, maker="a", by="b"):
    return SeenEntry(number, kind, on, posted or on, satang, maker, by)


@pytest.mark.sqlite
def test_what_each_rule_finds():
    """Pure: no database."""
    lines = [
        line("below", 950_000), line("at", 1_000_000, maker="m"), line("far", 949_999, maker="c"),
        line("round", 2_000_000, maker="d"), line("odd", 2_000_001, maker="e"),
        line("half1", 500_000, maker="f"), line("half2", 500_000, maker="f"),
        line("other day", 500_000, maker="f", on=date(2026, 11, 25)),
        line("sunday", 100, on=date(2026, 11, 22), maker="g"),
        line("holiday", 100, on=date(2026, 12, 10), maker="h"),
        line("bank", 100, EntryKind.BANK_FEE, on=date(2026, 11, 22)),
        line("late", 100, on=date(2026, 11, 2), posted=date(2026, 11, 10), maker="i"),
        line("in time", 100, on=date(2026, 11, 3), posted=date(2026, 11, 10), maker="j"),
    ]  # fmt: skip
    assert found("below-limit", lines) == [("below",)]
    assert found("splits", lines) == [("half1", "half2")]
    assert found("round", lines) == [("at",), ("round",)]
    assert found("holidays", lines) == [("sunday",), ("holiday",)]
    assert found("backdated", lines) == [("late",)]
    pairs = [line(str(number), 100, maker="p", by="q") for number in range(9)]
    assert found("pairs", [*pairs, line("x", 100, maker="p", by="r")]) == [tuple("012345678")]
    assert found("pairs", [*pairs[:4]]) == []
    assert found("pairs", [*pairs, *[line("x", 1, maker="p", by="r")] * 2]) == []
    assert first_digits([line("a", 120), line("b", 190), line("c", 9)]) == [2, *[0] * 7, 1]
    assert expected_first_digits(1000) == [301, 176, 125, 97, 79, 67, 58, 51, 46]


def test_an_exception_is_looked_at_through_the_pages(app, client, clock):
    with app.app_context():
        make_fund("GENERAL")
        make_gift(9_000_000)
        make_approval(2_000_000)
        auditor, approver = make_user(Role.AUDITOR), make_user(Role.APPROVER)
        officer = make_user(Role.FUND_OFFICER)
    sign_in(client, auditor)
    client.set_cookie("lang", "en")
    days = f"from_on={DAY}&to_on={DAY}"
    assert "Benford" in client.get(f"/audit/exceptions?{days}&limit=20,000").text
    page = client.get(f"/audit/exceptions/round?{days}").text
    key = re.search(r"dismiss=(JE\w+)", page)[1]
    form = client.get(f"/audit/exceptions/round?{days}&dismiss={key}").text
    assert "Why nothing follows" in form
    address = f"/audit/exceptions/round/dismiss?{days}"
    assert client.post(address, data={"key": key}).status_code == 422
    reason = {"key": key, "reason": "A fixed rate of the rules"}
    for other in ("JE1", "x" * 3_000, ""):
        assert client.post(address, data={**reason, "key": other}).status_code == 404
    assert client.post(f"{address}&limit=x", data=reason).status_code == 422
    barrier = Barrier(2)
    tabs = [app.test_client() for _tab in range(2)]
    for tab in tabs:
        sign_in(tab, auditor)

    def send(tab):
        barrier.wait()
        return tab.post(address, data=reason)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, tabs))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    page = client.get(f"/audit/exceptions/round?{days}").text
    assert "A fixed rate of the rules" in page
    assert "dismiss=" not in page
    for odd in ("rule=x", "endpoint=x", "dismiss=x", "_external=1", "limit=5&limit=6"):
        assert client.get(f"/audit/exceptions?{odd}").status_code == 200, odd
        assert client.get(f"/audit/exceptions/round?{odd}").status_code == 200, odd
    for wrong in ("from_on=1/1/2020&to_on=1/1/2026", "limit=x"):
        assert client.get(f"/audit/exceptions?{wrong}").status_code == 422, wrong
        assert client.get(f"/audit/exceptions/round?{wrong}").status_code == 422, wrong
    assert client.get("/audit/exceptions/nothing").status_code == 404
    sign_in(client, approver)
    assert client.get(f"/audit/exceptions/round?{days}").status_code == 200
    assert client.post(address, data=reason).status_code == 403
    sign_in(client, officer)
    assert client.get("/audit/exceptions").status_code == 403


def test_the_database_keeps_reasons(session):
    unit_of_work(dismiss_exception, "round", "JE1", "A fixed rate", actor=AUDITOR)
    with pytest.raises(NotFoundError):
        dismiss_exception("nothing", "JE1", "x", actor=AUDITOR)
    for statement in (
        "UPDATE audit_dismissals SET key = 'JE2'",
        "DELETE FROM audit_dismissals",
        "INSERT INTO audit_dismissals SELECT id + 1, rule, key, reason_digest, dismissed_by,"
        " dismissed_at FROM audit_dismissals",
    ):
        with pytest.raises(DBAPIError):
            unit_of_work(lambda each=statement: db.session.execute(text(each)))
