"""What stands out among entries, and the reasons why nothing follows from it."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time
from threading import Barrier
from urllib.parse import unquote

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.access.permissions import Role
from fundapp.audit.exceptions.operations import dismiss_exception
from fundapp.audit.exceptions.queries import SeenDays
from fundapp.audit.exceptions.rules import (
    RULES,
    SeenEntry,
    SeenFund,
    SeenHelp,
    SeenReceipt,
    expected_first_digits,
    first_digits,
)
from fundapp.clock import BANGKOK
from fundapp.db import db, unit_of_work
from fundapp.disbursements.drafts import PayeeAccount
from fundapp.errors import NotFoundError
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import EntryKind
from tests.audit.tampering import tamper
from tests.factories.actors import AUDITOR
from tests.factories.books import make_approval, make_fund, make_gift
from tests.factories.disbursements import make_paid, make_team, prove
from tests.factories.dismissals import make_dismissal
from tests.factories.identity import make_user, sign_in
from tests.factories.ledger import DAY

APPROVED = EntryKind.ASSISTANCE_APPROVED
#: What the tests call entries, by id.
NAMES: list[str] = []


def found(name, lines, limit=1_000_000):
    rule = next(rule for rule in RULES if rule.name == name)
    return [tuple(map(NAMES.__getitem__, row.entry_ids)) for row in rule.find(lines, limit)]


def id_of(name):
    """An entry's id, by what a test calls it."""
    NAMES.append(name)
    return len(NAMES) - 1


def line(name, satang, kind=APPROVED, on=date(2026, 11, 24), posted=None, maker="a", by="b"):
    posted_at = datetime.combine(posted or on, time(0, 30), BANGKOK)
    return SeenEntry(id_of(name), kind, on, posted_at, satang, maker, by)


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


def helped(name, asker="a", prover="", **fields):
    return SeenHelp(id_of(name), DAY, 100, asker, prover, **fields)


@pytest.mark.sqlite
def test_what_the_rules_of_requests_funds_and_numbers_find():
    """Pure: no database."""
    rows = [
        helped("own", "a", "a"), helped("other", "a", "b"), helped("open", "a"),
        helped("one", account="x", payee="P"), helped("two", account="x", payee="P"),
        helped("three", account="y", payee="P"), helped("four", account="y", payee="Q"),
        helped("five", account="z", payee="R", staff=("s",)), helped("cash", payee="P"),
        helped("paid", reference="T1"), helped("twice", reference="T1"),
        helped("list", papers=("h", "h")), helped("again", papers=("h",)),
    ]  # fmt: skip
    assert found("asked-and-proved", rows) == [("own",)]
    assert found("shared-accounts", rows) == [("three", "four")]
    assert found("staff-accounts", rows) == [("five",)]
    assert found("references", rows) == [("paid", "twice")]
    assert found("papers", rows) == [("list", "again")]
    paid = [line(str(n), 100, EntryKind.ASSISTANCE_PAID, maker="p", by="q") for n in range(5)]
    assert found("paying-pairs", paid) == [tuple("01234")]
    assert found("pairs", paid) == []
    until, long_ago, lately = date(2026, 11, 24), date(2026, 5, 27), date(2026, 5, 28)
    entry = id_of("e")
    funds = [
        SeenFund("STILL", 1, until, entry, long_ago), SeenFund("USED", 1, until, entry, lately),
        SeenFund("EMPTY", 0, until, entry, long_ago), SeenFund("NEVER", 1, until),
    ]  # fmt: skip
    assert found("dormant", funds) == [("e",), ()]
    receipts = [SeenReceipt(f"2570-{n}", n, DAY, 1, id_of(f"e{n}")) for n in (1, 2, 4, 4, 5)]
    assert found("numbers", receipts) == [("e2", "e4"), ("e4", "e4")]
    amounts = [line(str(n), 900 + n % 90) for n in range(300)]
    assert tuple("0123456789") in found("digits", amounts)
    assert found("digits", amounts[:299]) == []
    fair = [line("x", int(f"{digit}00")) for digit, n in zip(range(1, 10),
            expected_first_digits(1000), strict=True) for _each in range(n)]  # fmt: skip
    assert found("digits", fair) == []


def test_shared_accounts_and_proofs_are_found_in_the_books(app, client, clock):
    """One account for two names and of a colleague, proved by whoever asked; a reason stays."""
    with app.app_context():
        team = make_team()
        first = make_paid(team)
        second = make_paid(team, payee_name="Zainab Invented")
        make_paid(team, account=PayeeAccount("006", "9999999999"))
        prove(first, team)
        administrator, auditor = make_user(Role.ADMINISTRATOR), make_user(Role.AUDITOR)
        numbers = [entry_number(each.approval_entry_id) for each in (first, second)]
        asker, asker_name = team.asker.public_id, team.asker.name
    sign_in(client, administrator)
    client.set_cookie("lang", "en")
    account = {"person": asker, "bank": "006", "account_number": "123-4-56789-0"}
    address = "/disbursements/staff-accounts"
    assert client.post(address, data=account).status_code == 303
    assert "noted for this person already" in client.post(address, data=account).text
    assert "10 to 15 digits" in client.post(address, data={**account, "account_number": "1"}).text
    sign_in(client, auditor)
    days = f"from_on={DAY}&to_on={DAY}"
    for rule in ("shared-accounts", "staff-accounts", "references"):
        page = client.get(f"/audit/exceptions/{rule}?{days}").text
        assert all(number in page for number in numbers), rule
        assert "Zainab" not in page
        assert "1234567890" not in page
        key = re.search(r"dismiss=([^\"&]+)", page)[1]
        reason = {"key": unquote(key), "reason": "They are a couple"}
        assert (
            client.post(f"/audit/exceptions/{rule}/dismiss?{days}", data=reason).status_code == 303
        )
        assert "They are a couple" in client.get(f"/audit/exceptions/{rule}?{days}").text
    with app.app_context():
        # As it could be before others than the asker had to file it.
        tamper("proofs", "UPDATE proofs SET filed_by_id = (SELECT requested_by_id"
               " FROM disbursement_requests WHERE id = proofs.request_id)")  # fmt: skip
    page = client.get(f"/audit/exceptions/asked-and-proved?{days}").text
    assert numbers[0] in page
    assert numbers[1] not in page
    assert asker_name in page
    assert "no account is noted" in client.get(f"/audit/exceptions/staff-accounts?{days}").text
    assert ">2<" not in client.get(f"/audit/exceptions/shared-accounts?{days}").text
    for rule in RULES:
        assert client.get(f"/audit/exceptions/{rule.name}?{days}").status_code == 200, rule.name


@pytest.mark.sqlite
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
    make_dismissal()
    days = SeenDays(DAY, DAY, 1_000_000)
    for rule, key in (("nothing", "JE1"), ("round", "JE1")):
        with pytest.raises(NotFoundError):
            dismiss_exception(rule, key, "x", among=days, actor=AUDITOR)
    for statement in (
        "UPDATE audit_dismissals SET key = 'JE2'",
        "DELETE FROM audit_dismissals",
        "INSERT INTO audit_dismissals SELECT id + 1, rule, key, reason_digest, dismissed_by,"
        " dismissed_at FROM audit_dismissals",
    ):
        with pytest.raises(DBAPIError):
            unit_of_work(lambda each=statement: db.session.execute(text(each)))
