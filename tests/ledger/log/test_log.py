"""The log in the database: sealing, signing, proving, and what it refuses."""

import base64
import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.audit.checks import log
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.errors import BooksNotAsSignedError, NothingToBeginAnewError
from fundapp.ledger.log import batches, halting, operations, queries
from fundapp.ledger.log.notes import open_note, parse_vkey, read_checkpoint
from fundapp.ledger.log.tree import complete_root, is_consistent, is_included
from fundapp.ledger.log.verifying import find_faults
from fundapp.ledger.models import JournalEntry, LogLeaf, LogTile
from tests.conftest import made_up_key
from tests.factories.actors import COMMAND_LINE, OFFICER, WORKER
from tests.factories.books import make_fund, make_gift

SECRET = base64.b64decode(made_up_key("ledger"))


@pytest.fixture
def gifts(build_once, clock):
    def make():
        make_fund()
        return [make_gift(satang).id for satang in range(100, 400)]

    return build_once("300 gifts", make)


def seal():
    return unit_of_work(operations.seal_entries, actor=COMMAND_LINE)


def faults():
    db.session.rollback()
    return list(find_faults())


def sign():
    return unit_of_work(operations.sign_checkpoint, SECRET, actor=COMMAND_LINE)


def test_entries_are_sealed_in_their_order_and_proved(gifts):
    assert (seal(), seal()) == (300, 0)
    leaves = db.session.scalars(db.select(LogLeaf.entry_id).order_by(LogLeaf.leaf_index)).all()
    assert leaves == gifts
    tiles = db.session.scalars(db.select(LogTile).order_by(LogTile.level, LogTile.position)).all()
    assert [(tile.level, tile.position, len(tile.hashes)) for tile in tiles] == [
        (0, 0, 256 * 32), (0, 1, 44 * 32), (1, 0, 32),
    ]  # fmt: skip
    first = sign()
    assert sign() is first
    later = make_gift(500).id
    assert queries.prove_inclusion(later) is None
    assert seal() == 1
    second = sign()
    assert (first.size, second.size) == (300, 301)
    between = queries.prove_consistency(300, 301)
    assert is_consistent(300, 301, first.root, second.root, between)
    for entry_id in (gifts[0], gifts[255], gifts[256], later):
        proof = queries.prove_inclusion(entry_id)
        leaf = db.session.get(JournalEntry, entry_id).leaf_hash
        assert is_included(leaf, proof.leaf_index, 301, proof.path, second.root)
    assert open_note(second.note, parse_vkey(second.vkey)).root == second.root
    assert faults() == []


def test_an_entry_that_commits_late_is_sealed_later(gifts):
    early, *others = gifts
    held = db.session.scalars(db.select(JournalEntry).where(JournalEntry.id == early)).one()
    assert held.id == early
    assert seal() == 300
    # What is looked at again and again are the entries of the last hour.
    assert unit_of_work(operations.seal_entries, everywhere=True, actor=COMMAND_LINE) == 0
    assert queries.leaf_index_of(others[-1]) == 299


CHANGES = (
    "DELETE FROM log_leaves",
    "UPDATE log_leaves SET leaf_index = leaf_index + 1000",
    "INSERT INTO log_leaves (leaf_index, entry_id) SELECT 302, max(id) FROM journal_entries",
    "DELETE FROM log_tiles",
    "UPDATE log_tiles SET position = 9 WHERE position = 1",
    "UPDATE log_tiles SET hashes = substr(hashes, 1, 32)",
    "DELETE FROM log_checkpoints",
    "UPDATE log_checkpoints SET note = 'x'",
    "INSERT INTO log_checkpoints SELECT number, size - 1, root, note, vkey, signed_at"
    " FROM log_checkpoints",
    "INSERT INTO log_checkpoints SELECT number, size + 1, root, note, vkey, signed_at"
    " FROM log_checkpoints",
)


def test_the_log_only_grows(gifts):
    seal()
    sign()
    make_gift(500)
    allowed = []
    for change in CHANGES:
        with db.engine.connect() as connection:
            try:
                connection.execute(text(change))
                allowed.append(change)
            except DBAPIError:
                continue
    assert allowed == []


@pytest.mark.sqlite
def test_only_worker_and_commands_seal(gifts):
    with pytest.raises(ForbiddenError):
        unit_of_work(operations.seal_entries, actor=OFFICER)
    with pytest.raises(ForbiddenError):
        unit_of_work(operations.sign_checkpoint, SECRET, actor=OFFICER)
    with pytest.raises(NothingToBeginAnewError):
        unit_of_work(operations.begin_anew, "no reason", actor=COMMAND_LINE)


def test_books_that_are_older_than_what_was_signed_take_nothing(gifts, app, client):
    """An older backup is restored: what was signed after it is only in the file."""
    seal()
    first = sign()
    later = first.note.replace("\n300\n", "\n301\n")
    file = Path(app.config["LEDGER_CHECKPOINT_FILE"])
    file.write_text(later, encoding="utf-8")
    halting.forget_looks()
    for refused in (lambda: make_gift(700), seal, sign):
        with pytest.raises(BooksNotAsSignedError) as caught:
            refused()
        assert "300" in str(caught.value)
        assert "301" in str(caught.value)
    assert client.get("/readyz").status_code == 503
    beginning = unit_of_work(operations.begin_anew, "Restored of 23 November", actor=COMMAND_LINE)
    assert (beginning.number, beginning.size, beginning.last_note) == (2, 300, later)
    make_gift(700)
    seal()
    second = sign()
    assert read_checkpoint(second.note).origin.endswith("/ledger/2")
    assert client.get("/readyz").status_code == 200
    assert faults() == []


def test_another_history_is_seen(gifts, app):
    seal()
    note = sign().note
    file = Path(app.config["LEDGER_CHECKPOINT_FILE"])
    root = read_checkpoint(note).root
    file.write_text(
        note.replace(base64.b64encode(root).decode(), base64.b64encode(root[::-1]).decode())
    )
    halting.forget_looks()
    with pytest.raises(BooksNotAsSignedError, match="not those that were signed"):
        make_gift(700)
    file.write_text("what is this")
    halting.forget_looks()
    with pytest.raises(BooksNotAsSignedError, match="cannot be read"):
        make_gift(700)


@pytest.mark.sqlite
def test_a_changed_entry_a_lost_leaf_and_a_lost_tile_are_named(gifts):
    """On SQLite alone: there the triggers can be taken away without being somebody else."""
    seal()
    sign()
    number = entry_number(gifts[3])
    with db.engine.begin() as connection:
        for table in ("journal_entries_no_update", "log_tiles_no_delete", "log_leaves_no_delete"):
            connection.execute(text(f"DROP TRIGGER {table}"))
        connection.execute(
            text("UPDATE journal_entries SET canonical = x'20' WHERE id = :id"),
            {"id": gifts[3]},
        )
    assert faults()[0] == f"{number}: its bytes were changed"
    assert any("not those that were signed" in fault for fault in faults())
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM log_tiles WHERE position = 1"))
    assert faults()[-1] == "a tile of the log is missing or too short"
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM log_leaves WHERE leaf_index = 7"))
    assert faults()[-1] == "leaf 7 is missing"


@pytest.mark.sqlite
def test_commands(gifts, runner):
    assert runner.invoke(args=["ledger", "prove", entry_number(gifts[5])]).exit_code == 1
    sealed = runner.invoke(args=["ledger", "seal"])
    assert sealed.output == "300 entries sealed, 300 in all.\n"
    note = runner.invoke(args=["ledger", "checkpoint"]).output
    vkey = runner.invoke(args=["ledger", "vkey"]).output.strip()
    checkpoint = open_note(note, parse_vkey(vkey))
    assert checkpoint.size == 300
    proved = runner.invoke(args=["ledger", "prove", entry_number(gifts[5]), "--json"]).output
    proof = json.loads(proved)
    path = [base64.b64decode(step) for step in proof["path"]]
    leaf = base64.b64decode(proof["leaf_hash"])
    assert is_included(leaf, proof["leaf_index"], proof["size"], path, checkpoint.root)
    assert proof["checkpoint"] == note
    verified = runner.invoke(args=["ledger", "verify", "--json"])
    assert json.loads(verified.output) == {"size": 300, "faults": []}
    assert runner.invoke(args=["ledger", "prove", "JE1"]).exit_code == 1
    assert runner.invoke(args=["ledger", "begin-anew", "--reason", "x"]).exit_code == 1


def results():
    db.session.rollback()
    return {check.name: [found.problem for found in check.find()] for check in log.CHECKS}


def test_the_checks(gifts, app, clock):
    assert results() == {"ledger.log": [], "ledger.sealed": [], "ledger.witnessed": []}
    seal()
    make_gift(500)
    clock.shift(timedelta(hours=2))
    assert results()["ledger.sealed"] == ["is not sealed yet"]
    seal()
    note = sign().note
    assert results() == {"ledger.log": [], "ledger.sealed": [], "ledger.witnessed": []}
    file = Path(app.config["LEDGER_CHECKPOINT_FILE"])
    file.write_text(note.replace("\n301\n", "\n302\n"), encoding="utf-8")
    assert results()["ledger.log"] == ["the log has 301 entries, but 302 were signed"]


def test_the_worker_seals_and_signs_in_time(gifts, clock):
    stop = threading.Event()
    batches.seal_journal(stop, actor=WORKER)
    assert queries.last_checkpoint().size == 300
    make_gift(500)
    batches.seal_journal(stop, actor=WORKER)
    assert (queries.log_size(), queries.last_checkpoint().size) == (301, 300)
    clock.shift(timedelta(minutes=11))
    batches.seal_journal(stop, actor=WORKER)
    assert queries.last_checkpoint().size == 301


@pytest.mark.sqlite
def test_public_pages(gifts, client):
    assert client.get("/ledger/checkpoint").status_code == 404
    assert "Nothing is signed yet" in client.get("/ledger/checkpoints?lang=en").text
    seal()
    first = sign()
    make_gift(500)
    seal()
    second = sign()
    assert client.get("/ledger/checkpoint").text == second.note
    assert client.get("/ledger/checkpoints/300").text == first.note
    page = client.get("/ledger/checkpoints?lang=en").text
    assert first.vkey in page
    assert "Checkpoint of 300 entries" in page
    proof = client.get("/ledger/consistency/300/301").json
    path = [base64.b64decode(step) for step in proof["path"]]
    assert is_consistent(300, 301, first.root, second.root, path)
    full = client.get("/ledger/tile/0/000")
    assert len(full.data) == 256 * 32
    assert "immutable" in full.headers["Cache-Control"]
    assert client.get("/ledger/tile/0/001.p/45").data[:32] == queries.leaf_hash_of(gifts[256])
    assert len(client.get("/ledger/tile/0/001.p/44").data) == 44 * 32
    assert complete_root([full.data[at : at + 32] for at in range(0, 8192, 32)]) == (
        client.get("/ledger/tile/1/000.p/1").data
    )
    missing = (
        "/ledger/checkpoints/7", "/ledger/consistency/300/299", "/ledger/consistency/7/300",
        "/ledger/consistency/0/300", "/ledger/tile/0/001", "/ledger/tile/0/001.p/46",
        "/ledger/tile/0/000.p/256", "/ledger/tile/9/000", "/ledger/tile/0/0", "/ledger/tile/0/x000",
        "/ledger/tile/0/x999/x999/x999/x999/x999/x999/x999/999",
    )  # fmt: skip
    assert [path for path in missing if client.get(path).status_code != 404] == []


STEPS = (
    "BEFORE INSERT ON log_leaves WHEN NEW.leaf_index % 40 = 39",
    "BEFORE INSERT ON log_tiles",
    "BEFORE INSERT ON log_tiles WHEN NEW.level = 1",
    "BEFORE UPDATE ON log_tiles",
    "BEFORE INSERT ON log_checkpoints",
)


@pytest.mark.sqlite
def test_sealing_that_is_interrupted_at_any_step_goes_on(gifts, app, tmp_path):
    """On SQLite alone: there a trigger is made in one line; the unit of work is the same."""
    for when in STEPS:
        if "UPDATE" in when:  # a tile grows when it is there
            seal()
        make_gift(500)
        with db.engine.begin() as connection:
            connection.execute(
                text(f"CREATE TRIGGER stopped {when} BEGIN SELECT RAISE(ABORT, 'stopped'); END")
            )
        with pytest.raises(Exception, match="stopped"):
            seal_and_sign()
        assert faults() == [], when
        with db.engine.begin() as connection:
            connection.execute(text("DROP TRIGGER stopped"))
    seal_and_sign()
    assert (queries.last_checkpoint().size, faults()) == (305, [])
    # The file outside the database cannot be written: then nothing is signed either.
    kept = app.config["LEDGER_CHECKPOINT_FILE"]
    make_gift(500)
    seal()
    signed = queries.last_checkpoint().size
    app.config["LEDGER_CHECKPOINT_FILE"] = str(tmp_path / "missing" / "checkpoint")
    with pytest.raises(OSError, match="missing"):
        sign()
    assert queries.last_checkpoint().size == signed
    app.config["LEDGER_CHECKPOINT_FILE"] = kept
    assert sign().size == queries.log_size()
    assert faults() == []


def seal_and_sign():
    seal()
    sign()


@pytest.mark.sqlite
def test_a_crash_between_file_and_commit_halts_nothing(gifts, app):
    """The file outside is written first; what it says is of leaves that are committed."""
    seal()
    note = sign().note
    make_gift(500)
    seal()
    file = Path(app.config["LEDGER_CHECKPOINT_FILE"])
    with pytest.raises(RuntimeError):
        unit_of_work(_sign_and_stop)
    assert read_checkpoint(file.read_text(encoding="utf-8")).size == 301
    assert queries.last_checkpoint().note == note
    halting.forget_looks()
    make_gift(500)
    seal()
    assert (sign().size, faults()) == (302, [])


def _sign_and_stop():
    operations.sign_checkpoint(SECRET, actor=COMMAND_LINE)
    raise RuntimeError
