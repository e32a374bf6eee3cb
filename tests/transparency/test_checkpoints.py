"""Checkpoints reach those who keep them: by mail, on paper, and with what one checks with."""

import ast
import base64
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.ledger.log import operations
from fundapp.ledger.log.tree import is_consistent
from fundapp.mail.models import MailMessage
from fundapp.transparency.batches import mail_checkpoints
from fundapp.transparency.errors import HolderAddressError, TooManyHoldersError
from fundapp.transparency.models import CheckpointHolder, CheckpointMailing
from fundapp.transparency.operations import mail_checkpoint, set_checkpoint_holders
from tests.architecture.sources import ROOT
from tests.conftest import made_up_key
from tests.factories.actors import COMMAND_LINE, HOUSE, OFFICER, WORKER
from tests.factories.books import close_month, make_fund, make_gift

SECRET = base64.b64decode(made_up_key("ledger"))


def sign_now():
    unit_of_work(operations.seal_entries, actor=COMMAND_LINE)
    return unit_of_work(operations.sign_checkpoint, SECRET, actor=COMMAND_LINE)


@pytest.fixture
def signed(build_once, clock):
    def make():
        make_fund()
        for satang in range(100, 105):
            make_gift(satang)
        return sign_now().size

    return build_once("a signed log of five", make)


def hold(*addresses, actor=HOUSE):
    return unit_of_work(set_checkpoint_holders, addresses, actor=actor)


def mail():
    return mail_checkpoints(actor=WORKER)


def mailed():
    db.session.rollback()
    return db.session.scalars(select(MailMessage).order_by(MailMessage.id)).all()


def test_holders_are_mailed_once_a_working_day_and_when_a_month_is_closed(signed, clock):
    clock.move_to(datetime(2026, 11, 24, 11, tzinfo=UTC))  # Tuesday, 18.00
    assert mail() == 0  # nobody holds any
    hold("b@example.org", " A@Example.org", "a@example.org")
    clock.move_to(datetime(2026, 11, 25, 9, 59, tzinfo=UTC))
    assert mail() == 0
    clock.move_to(datetime(2026, 11, 25, 10, 0, tzinfo=UTC))  # 17.00
    assert (mail(), mail()) == (2, 0)
    first = mailed()
    assert [each.to_address for each in first] == ["a@example.org", "b@example.org"]
    assert (first[0].subject.count("5"), first[0].kind.value) == (1, "other")
    for words in ("/ledger/1\n5\n", "Please keep this message", "/ledger/checkpoints"):
        assert words in first[0].body
    assert first[0].body.count("\n— ") == 1
    clock.move_to(datetime(2026, 11, 28, 11, tzinfo=UTC))  # Saturday
    assert mail() == 0
    hold("a@example.org")
    clock.move_to(datetime(2026, 12, 1, 4, tzinfo=UTC))  # Tuesday, 11.00
    close_month()
    make_gift(900, on=datetime(2026, 12, 1, tzinfo=UTC).date())
    unit_of_work(operations.seal_entries, actor=COMMAND_LINE)
    clock.move_to(datetime(2026, 12, 1, 5, tzinfo=UTC))
    assert mail() == 0  # what was posted since is not signed yet
    sign_now()
    assert (mail(), mail()) == (1, 0)
    rows = db.session.scalars(select(CheckpointMailing).order_by(CheckpointMailing.mailed_at)).all()
    assert [(each.occasion.split()[0], each.size, each.copies) for each in rows] == [
        ("day", 5, 2), ("month", 6, 1),
    ]  # fmt: skip


@pytest.mark.sqlite
def test_what_is_refused_of_holders(signed):
    with pytest.raises(ForbiddenError):
        hold("a@example.org", actor=OFFICER)
    with pytest.raises(ForbiddenError):
        unit_of_work(mail_checkpoint, "day", actor=OFFICER)
    with pytest.raises(HolderAddressError, match="no address"):
        hold("a@example.org", "no address")
    with pytest.raises(TooManyHoldersError):
        hold(*(f"a{number}@example.org" for number in range(51)))
    assert db.session.scalars(select(CheckpointHolder)).all() == []
    unit_of_work(
        lambda: db.session.execute(
            text("INSERT INTO checkpoint_mailings VALUES ('day x', 1, 5, 1, '2026-11-24')")
        )
    )
    for change in (
        "UPDATE checkpoint_mailings SET copies = 2",
        "DELETE FROM checkpoint_mailings",
        "INSERT INTO checkpoint_mailings VALUES ('day y', 1, 5, 0, '2026-11-24')",
        "INSERT INTO checkpoint_mailings VALUES ('day y', 1, 4, 1, '2026-11-24')",
        "INSERT INTO checkpoint_holders VALUES ('', '2026-11-24')",
    ):
        with pytest.raises(DBAPIError), db.engine.begin() as connection:
            connection.execute(text(change))


@pytest.mark.sqlite
def test_pages_to_check_with(signed, client):
    """On SQLite alone: the rows behind are those of `test_public_pages` of the log."""
    first = client.get("/ledger/checkpoint").text
    make_gift(500)
    newest = sign_now()
    page = client.get("/ledger/checkpoints?lang=en").text
    for address in (
        "/ledger/files/verify.py", "/ledger/files/witness.py", "/ledger/files/mirror.py",
        "/ledger/consistency?old=5&amp;new=6",
        "/ledger/files/checking-the-books.md", "/ledger/checkpoints/6/paper.pdf",
    ):  # fmt: skip
        assert f'href="{address}"' in page, address
    for name in ("verify.py", "witness.py", "mirror.py"):
        answer = client.get(f"/ledger/files/{name}")
        assert answer.data == (ROOT / "verifier" / name).read_bytes()
        assert ast.parse(answer.text)
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Checking the books" in client.get("/ledger/files/checking-the-books.md").text
    assert 'href="/ledger/files/checking-the-books.th.md"' in (
        client.get("/ledger/checkpoints?lang=th").text
    )
    assert "การตรวจสอบบัญชี" in client.get("/ledger/files/checking-the-books.th.md").text
    for missing in ("files/config.py", "files/..%2fconfig.py", "checkpoints/4/paper.pdf"):
        assert client.get(f"/ledger/{missing}").status_code == 404
    for language in ("th", "en", "ms"):
        paper = client.get(f"/ledger/checkpoints/6/paper.pdf?lang={language}")
        assert (paper.status_code, paper.data[:5]) == (200, b"%PDF-")
    shown = client.get("/ledger/consistency?lang=en&old=6&new=5").text
    proof = client.get("/ledger/consistency/5/6").json
    assert all(step in shown for step in proof["path"])
    assert first in shown
    assert newest.note in shown
    path = [base64.b64decode(step) for step in proof["path"]]
    roots = [base64.b64decode(proof[name]["note"].split("\n")[2]) for name in ("old", "new")]
    assert is_consistent(5, 6, *roots, path)
    assert "nothing is to be proved" in client.get("/ledger/consistency?lang=en&old=6&new=6").text
    for asked in ("old=4&new=6", "old=6", "old=999999999999&new=6"):
        answer = client.get(f"/ledger/consistency?lang=en&{asked}")
        assert (answer.status_code, "no two checkpoints" in answer.text) == (200, True), asked
    for asked in ("old=x&new=6", f"old={'9' * 400}&new=6", "old=-1"):
        assert client.get(f"/ledger/consistency?lang=en&{asked}").status_code == 422, asked
    assert client.get("/ledger/consistency").status_code == 200
