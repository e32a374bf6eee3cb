"""A mirror of the log's tiles: it copies on from where it was, and refuses another log."""

import base64
import shutil
import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from fundapp.db import db, unit_of_work
from fundapp.ledger.log import operations, queries
from fundapp.ledger.log.notes import Checkpoint, read_checkpoint, sign
from fundapp.ledger.log.tiles import append_hashes
from fundapp.ledger.log.tree import GrowingTree
from tests.conftest import made_up_key
from tests.factories.actors import COMMAND_LINE
from tests.factories.books import make_fund, make_gift

MIRROR = Path(__file__).parents[3] / "verifier" / "mirror.py"
SECRET = base64.b64decode(made_up_key("ledger"))
pytestmark = pytest.mark.sqlite  # what is copied is bytes that pages give, on any database


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing."""

    def log_message(self, *_arguments):
        """No line for each file."""


@pytest.fixture
def address(tmp_path):
    """Where a folder is served; the log's pages are laid down in it."""
    (tmp_path / "site").mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path / "site"))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def signed(build_once, clock):
    def make():
        make_fund()
        for satang in range(100, 104):
            make_gift(satang)
        return sign_now().vkey

    return build_once("a signed log of four to mirror", make)


def sign_now():
    unit_of_work(operations.seal_entries, actor=COMMAND_LINE)
    return unit_of_work(operations.sign_checkpoint, SECRET, actor=COMMAND_LINE)


def publish(client, site):
    """Lay down what the log's pages say now, as a web server before them would keep it."""
    note = client.get("/ledger/checkpoint").text
    size = read_checkpoint(note).size
    (site / "checkpoint").write_text(note, encoding="utf-8")
    level = 0
    while size:
        full, rest = divmod(size, 256)
        for index in (*(f"{position:03}" for position in range(full)), f"{full:03}.p/{rest}"):
            answer = client.get(f"/ledger/tile/{level}/{index}")
            if answer.status_code == 200:
                file = site / "tile" / str(level) / index
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(answer.data)
        level, size = level + 1, full


def mirror(address, folder, vkey, *more):
    done = subprocess.run(
        [sys.executable, "-I", MIRROR, address, folder, "--vkey", vkey, *more],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def files_of(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "refused" not in path.parts
    }


def forge(site, leaves, origin):
    """Another history of these leaves, signed by an insider with the key, in place of the log."""
    tree = GrowingTree()
    for leaf in leaves:
        tree.add(leaf)
    note = sign(Checkpoint(origin, tree.size, tree.root()), SECRET)
    (site / "checkpoint").write_text(note, encoding="utf-8")
    for old in (site / "tile" / "0").rglob("*"):
        if old.is_file():
            old.unlink()
    file = site / "tile" / "0" / f"000.p/{len(leaves)}"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"".join(leaves))


def test_a_copy_goes_on_and_is_one_that_others_copy(signed, client, address, tmp_path):
    site, copy = tmp_path / "site", tmp_path / "copy"
    publish(client, site)
    assert mirror(address, copy, signed)[:1] == (0,)
    more = [leaf.to_bytes(32, "big") for leaf in range(600)]  # leaves alone, of no entries
    unit_of_work(append_hashes, 0, 4, more)
    root = queries.root_of_log(604)
    note = sign(Checkpoint(signed.partition("+")[0], 604, root), SECRET)
    publish_at(client, site, note)
    code, said = mirror(address, copy, signed)
    assert (code, "604 entries, 600 of them new, 2 checkpoints" in said) == (0, True), said
    kept = files_of(copy)
    assert {"tile/0/000", "tile/0/001", "tile/0/002.p/92", "tile/1/000.p/2"} <= set(kept)
    assert "tile/0/000.p/4" not in kept  # the full tile is there
    assert kept["checkpoint"].decode() == note
    # Nothing new, then a mirror of the mirror: the same bytes.
    assert "0 of them new" in mirror(address, copy, signed)[1]
    shutil.rmtree(site)
    shutil.copytree(copy, site)
    assert mirror(address, tmp_path / "second", signed, "--lang", "th")[1].startswith("ถูกต้อง")
    again = files_of(tmp_path / "second")
    assert {name for name in again if name.startswith("tile/")} == {
        name for name in kept if name.startswith("tile/")
    }


def publish_at(client, site, note):
    """As `publish`, with another note."""
    real = client.get("/ledger/checkpoint").text
    size = read_checkpoint(note).size
    for level, index in ((0, "000"), (0, "001"), (0, f"002.p/{size - 512}"), (1, "000.p/2")):
        file = site / "tile" / str(level) / index
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(client.get(f"/ledger/tile/{level}/{index}").data)
    (site / "checkpoint").write_text(note, encoding="utf-8")
    assert real != note


def test_another_log_is_refused_and_the_copy_stays(signed, client, address, tmp_path):
    site, copy = tmp_path / "site", tmp_path / "copy"
    publish(client, site)
    assert mirror(address, copy, signed)[0] == 0
    before, origin = files_of(copy), signed.partition("+")[0]
    page = (site / "checkpoint").read_text(encoding="utf-8")
    leaves = [(site / "tile/0/000.p/4").read_bytes()[at : at + 32] for at in range(0, 128, 32)]
    for history, words in (
        ([*leaves[:3], bytes(32), bytes(32)], "the first 4 entries are not"),  # a changed entry
        ([leaves[1], leaves[0], *leaves[2:], bytes(32)], "the first 4 entries"),  # another order
        ([bytes(32), *leaves], "the first 4 entries"),  # one inserted
        (leaves[:3], "entries were removed"),  # an older state
        ([*leaves[:3], bytes(32)], "two histories"),
    ):
        forge(site, history, origin)
        code, said = mirror(address, copy, signed)
        assert (code, words in said, "refused" in said) == (1, True, True), said
        assert files_of(copy) == before
    assert len(list((copy / "refused").iterdir())) == 5
    forge(site, leaves, origin.removesuffix("1") + "2")
    assert "began anew" in mirror(address, copy, signed)[1]
    for changed, code in (
        (page.replace("\n4\n", "\n5\n"), 1),  # not what was signed
        (page.partition("\n\n")[0] + "\n\n", 1),
        (page.replace(origin, "other.example.org/ledger/1"), 1),
        ("<html>away</html>", 2),
    ):
        (site / "checkpoint").write_text(changed, encoding="utf-8")
        assert mirror(address, copy, signed)[0] == code, changed
    assert files_of(copy) == before


def test_what_cannot_be_checked_is_no_fault_of_the_log(signed, client, address, tmp_path):
    site, copy = tmp_path / "site", tmp_path / "copy"
    publish(client, site)
    for arguments in (
        (address, copy, "no key"), ("file:///etc", copy, signed), (f"{address}/x", copy, signed),
    ):  # fmt: skip
        code, said = mirror(*arguments)
        assert (code, said.startswith("It could not be checked"), "Traceback" in said) == (
            2, True, False,
        )  # fmt: skip
    assert not copy.exists()
    tile = site / "tile/0/000.p/4"
    whole = tile.read_bytes()
    tile.write_bytes(whole[:-1])
    assert mirror(address, copy, signed)[0] == 2
    tile.write_bytes(bytes(32) + whole[32:])
    assert mirror(address, copy, signed)[0] == 1
    assert not (copy / "checkpoint").exists()
    tile.write_bytes(whole)
    assert mirror(address, copy, signed)[0] == 0
    (copy / "tile/0/000.p/4").write_bytes(bytes(128))
    code, said = mirror(address, copy, signed)
    assert (code, "the copy is damaged" in said) == (2, True), said
    shutil.rmtree(copy / "tile")
    assert mirror(address, copy, signed)[0] == 0
    # A checkpoint from paper, of another history, is held against the log as well.
    wrong = sign(Checkpoint(signed.partition("+")[0], 2, bytes(32)), SECRET)
    (copy / "checkpoints" / "paper.txt").write_text(wrong, encoding="utf-8")
    code, said = mirror(address, copy, signed)
    assert (code, "paper.txt: the first 2 entries are not" in said) == (1, True), said
    db.session.rollback()
