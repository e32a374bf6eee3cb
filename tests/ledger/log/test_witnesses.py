"""Witnesses: two real ones cosign, and a second history is refused by whoever saw the first."""

import base64
import json
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.audit.checks import log
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.ledger.log import operations, queries
from fundapp.ledger.log.notes import (
    OF_WITNESS,
    Checkpoint,
    find_cosignature,
    parse_vkey,
    read_checkpoint,
    sign,
    vkey_of,
)
from fundapp.ledger.log.tree import complete_root, consistency_path, root_at
from fundapp.ledger.log.witnessing import request_body
from fundapp.ledger.models import JournalEntry
from tests.conftest import made_up_key
from tests.factories.actors import COMMAND_LINE, OFFICER
from tests.factories.books import make_fund, make_gift

SECRET = base64.b64decode(made_up_key("ledger"))
WITNESS = Path(__file__).parents[3] / "verifier" / "witness.py"
VERIFIER = WITNESS.with_name("verify.py")


def command(*arguments):
    return [sys.executable, "-I", WITNESS, *arguments]


class RunningWitness:
    """A witness in a process of its own, on a free port of the loopback."""

    def __init__(self, folder, log_key, name):
        self.folder, self.log_key = folder, log_key
        made = subprocess.run(
            command("create", "--folder", folder, "--name", name),
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        self.vkey = made.stdout.strip()
        self.start()

    def start(self):
        arguments = ("serve", "--folder", self.folder, "--log", self.log_key, "--port", "0")
        self.process = subprocess.Popen(
            command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.url = self.process.stdout.readline().strip()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def post(self, body, path="/add-checkpoint"):
        """Status and answer."""
        request = urllib.request.Request(self.url + path, data=body)  # noqa: S310 - ours
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


@pytest.fixture
def gifts(build_once, clock):
    def make():
        make_fund()
        return [make_gift(satang).id for satang in range(100, 110)]

    return build_once("ten gifts to witness", make)


@pytest.fixture
def witnesses(gifts, app, tmp_path):
    first = sign_now()
    running = [
        RunningWitness(tmp_path / name, first.vkey, f"{name}.example.org/fund")
        for name in ("university", "agency")
    ]
    yield running
    for each in running:
        each.stop()


def sign_now():
    unit_of_work(operations.seal_entries, actor=COMMAND_LINE)
    return unit_of_work(operations.sign_checkpoint, SECRET, actor=COMMAND_LINE)


def add(runner, *witnesses):
    for each in witnesses:
        done = runner.invoke(args=["ledger", "witness-add", each.url, each.vkey])
        assert done.exit_code == 0, done.output


def other_history(size):
    """A checkpoint of one entry more, that is none of ours, and its proof: signed with the key."""
    leaves = db.session.scalars(db.select(JournalEntry.leaf_hash).order_by(JournalEntry.id)).all()
    leaves = [*leaves[:size], bytes(32)]

    def read(level, position):
        return complete_root(leaves[position << level : (position + 1) << level])

    origin = read_checkpoint(queries.last_checkpoint().note).origin
    note = sign(Checkpoint(origin, size + 1, root_at(size + 1, read)), SECRET)
    return note, consistency_path(size, size + 1, read)


def test_two_witnesses_cosign_and_a_second_history_is_refused(witnesses, runner, client, tmp_path):
    university, agency = witnesses
    add(runner, *witnesses)
    sent = runner.invoke(args=["ledger", "witness-send"])
    assert (sent.exit_code, sent.output.count("cosigned")) == (0, 2), sent.output
    first = queries.last_checkpoint()
    published = client.get("/ledger/checkpoint").text
    assert published.startswith(first.note)
    for each in witnesses:
        line, _at = find_cosignature(published, published, parse_vkey(each.vkey, OF_WITNESS))
        assert line in published
    assert university.vkey in client.get("/ledger/checkpoints?lang=en").text
    assert "No witness waits" in runner.invoke(args=["ledger", "witness-send"]).output

    # An insider with the key shows the agency another history than everybody else.
    note, path = other_history(first.size)
    status, said = agency.post(request_body(first.size, path, note))
    assert (status, said.startswith("— agency.example.org/fund ")) == (200, True)
    make_gift(500)
    second = sign_now()
    sent = runner.invoke(args=["ledger", "witness-send"])
    assert sent.exit_code == 1
    assert "agency.example.org/fund: it knows another history of as many entries" in sent.output
    assert "university.example.org/fund: cosigned" in sent.output
    assert queries.published_note(second).count("\n—") == 2
    assert second.note in (tmp_path / "agency" / "refused.txt").read_text(encoding="utf-8")

    listed = runner.invoke(args=["ledger", "witness-list"]).output
    assert "university.example.org/fund  cosigned 11" in listed
    assert "agency.example.org/fund  cosigned 10" in listed
    path = tmp_path / "books.zip"
    runner.invoke(args=["ledger", "export", "--format", "bundle", "--output", str(path)])
    for each, status, words in (
        (university, 0, "cosigned 11 entries"),
        (agency, 0, "cosigned 10 entries"),
        (None, 1, "has cosigned no checkpoint"),
    ):
        key = each.vkey if each else other_witness()
        done = subprocess.run(
            [sys.executable, "-I", VERIFIER, path, "--vkey", second.vkey, "--witness", key],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, words in done.stdout) == (status, True), done.stdout


def other_witness():
    key = vkey_of("nobody.example.org", SECRET)
    return str(type(key)(key.name, key.public, OF_WITNESS))


@pytest.mark.sqlite
def test_what_a_witness_refuses(witnesses, tmp_path):
    """On SQLite alone: what is asked here is another program's."""
    university, _agency = witnesses
    first = queries.last_checkpoint()
    assert university.post(request_body(0, [], first.note))[0] == 200
    make_gift(500)
    second = sign_now()
    proof = queries.prove_consistency(first.size, second.size)
    good = request_body(first.size, proof, second.note)
    forged = sign(Checkpoint("elsewhere/1", 11, bytes(32)), SECRET)
    unsigned = second.note.replace("— ", "— x", 1)
    wrong = [bytes(32), *proof[1:]]
    for body, status in (
        (b"", 400),
        (b"old x\n\n" + second.note.encode(), 400),
        (good.replace(b"old 10", b"old 010"), 400),
        (b"\xff" + good, 400),
        (request_body(12, proof, second.note), 400),
        (request_body(10, [bytes(31)], second.note), 400),
        (request_body(10, [bytes(32)] * 64, second.note), 400),
        (request_body(10, proof, forged), 404),
        (request_body(10, proof, unsigned), 403),
        (request_body(10, wrong, second.note), 422),
        (request_body(10, [], second.note), 422),
        (request_body(10, [*proof, bytes(32)], second.note), 422),
        (request_body(9, proof, second.note), 409),
        (request_body(0, [], second.note), 409),
        (request_body(0, [], "x" * 70_000), 400),
    ):  # fmt: skip
        assert university.post(body)[0] == status, body[:80]
    assert university.post(good, "/elsewhere")[0] == 404
    assert university.post(request_body(0, [], second.note)) == (409, "10\n")
    assert university.post(good)[0] == 200
    # A shorter tree, whether it says so or not; also by the process that comes after a crash.
    university.stop()
    university.start()
    assert university.post(request_body(10, [], first.note)) == (409, "11\n")
    assert university.post(request_body(11, [], first.note))[0] == 400
    assert university.post(request_body(11, [], second.note))[0] == 200
    arguments = ("serve", "--folder", university.folder, "--log", first.vkey, "--port", "0")
    again = subprocess.run(command(*arguments), capture_output=True, text=True, check=False)
    assert (again.returncode, "cannot work" in again.stderr) == (2, True)
    university.stop()
    state = university.folder / "state.json"
    assert json.loads(state.read_text(encoding="utf-8"))[read_checkpoint(second.note).origin]
    state.unlink()
    lost = subprocess.run(command(*arguments), capture_output=True, text=True, check=False)
    assert (lost.returncode, "cannot work" in lost.stderr) == (2, True)
    university.start()


@pytest.mark.sqlite
def test_what_is_refused_of_witnesses(gifts, runner, clock):
    sign_now()
    key = other_witness()
    with pytest.raises(ForbiddenError):
        unit_of_work(operations.add_witness, "http://127.0.0.1:1", key, actor=OFFICER)
    for url, vkey in (
        ("http://127.0.0.1:1", "no key"),
        ("http://127.0.0.1:1", queries.last_checkpoint().vkey),
        ("file:///etc/passwd", key),
    ):
        assert runner.invoke(args=["ledger", "witness-add", url, vkey]).exit_code == 1
    assert runner.invoke(args=["ledger", "witness-end", "nobody"]).exit_code == 1
    runner.invoke(args=["ledger", "witness-add", "http://127.0.0.1:1", key])
    assert runner.invoke(args=["ledger", "witness-send"]).exit_code == 1
    db.session.rollback()
    assert list(log.checkpoints_are_witnessed()) == []
    clock.shift(timedelta(hours=25))
    assert [each.ref for each in log.checkpoints_are_witnessed()] == ["nobody.example.org"]
    for change in (
        "UPDATE log_witnesses SET vkey = 'x'",
        "DELETE FROM log_witnesses",
        "INSERT INTO log_cosignatures VALUES (1, 9, 'nobody.example.org', 'x', '2026-11-24')",
        "INSERT INTO log_cosignatures VALUES (1, 10, 'nobody.example.org', '', '2026-11-24')",
    ):
        with pytest.raises(DBAPIError), db.engine.begin() as connection:
            connection.execute(text(change))
    ended = runner.invoke(args=["ledger", "witness-end", "nobody.example.org"])
    assert ended.exit_code == 0
    db.session.rollback()
    assert list(log.checkpoints_are_witnessed()) == []
    assert "No witness waits" in runner.invoke(args=["ledger", "witness-send"]).output
