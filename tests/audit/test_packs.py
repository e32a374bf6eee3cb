"""An audit pack: what is in it, that its hashes hold, that it names no child, donor or payee; by
the command and by the worker.
"""

import csv
import hashlib
import io
import threading
import zipfile
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.access.permissions import Role
from fundapp.audit.packs.batches import make_waiting_pack
from fundapp.audit.packs.models import AuditPack
from fundapp.audit.packs.operations import give_up_pack, take_pack
from fundapp.db import db, unit_of_work
from fundapp.ledger.kinds import PERIOD_REOPENING, reopening_values
from fundapp.ledger.models import ReopenReason
from tests.factories.actors import WORKER
from tests.factories.books import close_month
from tests.factories.disbursements import make_paid, make_team
from tests.factories.giving import make_payment
from tests.factories.identity import agree, make_user, sign_in

FROM, TO = date(2026, 10, 1), date(2026, 11, 24)


@pytest.fixture
def books(session, clock, build_once):
    """Help that was paid, a gift of a named donor, and a month that was opened again."""

    def make():
        team = make_team()
        make_payment(200_000, payer_name="Somsri Secretname")
        make_paid(team)
        close_month(FROM)
        agree(PERIOD_REOPENING, "2026-10-01", reopening_values(ReopenReason.LATE_PAPER))

    return build_once("audit/packs", make)


def files_of(archive):
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_pack_of_a_period(books, runner, tmp_path):
    output = tmp_path / "pack.zip"
    args = ["audit", "pack", "--from", "2026-10-01", "--to", "24/11/2569", "--output", str(output)]
    result = runner.invoke(args=args)
    assert result.exit_code == 0, result.output
    files = files_of(output)
    index = {row["file"]: row["sha256"] for row in rows_of(files.pop("index.csv"))}
    assert index == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    page = files["first-page.html"].decode()
    assert "A paper of that month came late" in page
    assert all(digest in page for name, digest in index.items() if name != "first-page.html")
    journal = rows_of(files["journal/entries.csv"])
    trial = rows_of(files["statements/trial-balance.csv"])
    assert sum(float(row["debit_baht"]) for row in trial) == pytest.approx(
        sum(float(row["credit_baht"]) for row in trial)
    )
    assert {row["kind"] for row in journal} >= {"donation", "assistance_approved"}
    assert [row["month"] for row in rows_of(files["periods/reopened.csv"])] == ["2026-10-01"]
    assert len(rows_of(files["registers/payouts.csv"])) == 1
    assert len(rows_of(files["registers/receipts.csv"])) == 1
    assert rows_of(files["registers/readers-of-files.csv"])
    sides = {row["side"] for row in rows_of(files["reconciliation/days.csv"])}
    assert sides == {"cash", "card"}
    papers = {name: files.pop(name) for name in list(files) if name.endswith(".pdf")}
    assert all(data.startswith(b"%PDF") for data in papers.values())
    assert "statements/financial-position-th.pdf" in papers
    everything = b"".join(files.values()).decode()
    for secret in ("Secretname", "Invented", "Aminah", "0812345678"):
        assert secret not in everything
    wrong = [*args[:3], "2027-10-01", *args[4:]]
    assert runner.invoke(args=wrong).exit_code == 1


def test_the_worker_makes_what_an_auditor_asks_for(books, app, client):
    sign_in(client, make_user(Role.AUDITOR))
    client.set_cookie("lang", "en")
    form = {"from_on": "1/10/2569", "to_on": "24/11/2569", "form_id": "one"}
    for _again in range(2):
        assert client.post("/audit/packs", data=form).status_code == 303
    wrong = {**form, "to_on": "1/1/2500", "form_id": "two"}
    assert client.post("/audit/packs", data=wrong).status_code == 422
    pack = db.session.scalars(db.select(AuditPack)).one()
    address = f"/audit/packs/{pack.number}"
    assert client.get(address).status_code == 404
    assert "Waits" in client.get("/audit/packs").text
    stop = threading.Event()
    stop.set()
    assert not make_waiting_pack(actor=WORKER, stop=stop)
    stop.clear()
    assert make_waiting_pack(actor=WORKER, stop=stop)
    assert not make_waiting_pack(actor=WORKER, stop=stop)
    db.session.rollback()
    answer = client.get(address)
    assert "index.csv" in files_of(io.BytesIO(answer.data))
    page = client.get("/audit/packs").text
    assert hashlib.sha256(answer.data).hexdigest() in page
    officer = app.test_client()
    sign_in(officer, make_user(Role.FUND_OFFICER))
    assert officer.get(address).status_code == 403
    for statement in ("UPDATE audit_packs SET parts_done = 0", "DELETE FROM audit_packs"):
        with pytest.raises(DBAPIError):
            unit_of_work(lambda each=statement: db.session.execute(text(each)))


def test_a_worker_that_fell_silent_is_replaced(books, client, clock):
    sign_in(client, make_user(Role.AUDITOR))
    form = {"from_on": "1/10/2569", "to_on": "24/11/2569", "form_id": "two"}
    client.post("/audit/packs", data=form)
    first = unit_of_work(take_pack, actor=WORKER)
    assert unit_of_work(take_pack, actor=WORKER) is None
    clock.shift(timedelta(minutes=16))
    assert unit_of_work(take_pack, actor=WORKER).id == first.id
    unit_of_work(give_up_pack, first.id, actor=WORKER)
    sign_in(client, make_user(Role.AUDITOR))
    client.set_cookie("lang", "en")
    assert "Could not be made" in client.get("/audit/packs").text
