"""Somebody outside checks the books with the printed paper of a month and the page in ``docs``
alone: the files that the page names, in an empty folder, by the commands that stand on it.
"""

import re
import shlex
import subprocess
import sys
import zipfile

import pytest

from fundapp.ledger.log.batches import seal_everything
from tests.factories.actors import COMMAND_LINE
from tests.factories.books import make_fund, make_gift
from tests.giving.receipts.copied_text import needs_pdftotext


def command_of(page, program):
    """The words of the first command of the page that runs a program."""
    line = next(line for line in page.splitlines() if line.startswith(f"python3 {program}"))
    return shlex.split(line)


def printed_on(paper, folder):
    """What is printed, line by line, as somebody would type it."""
    (folder / "paper.pdf").write_bytes(paper)
    command = ["pdftotext", "-layout", folder / "paper.pdf", "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def sign(runner):
    seal_everything(actor=COMMAND_LINE)
    runner.invoke(args=["ledger", "checkpoint"], catch_exceptions=False)


@pytest.mark.sqlite  # what the bundle of each database holds: tests/ledger/log
@needs_pdftotext
def test_the_page_and_the_paper_are_enough(session, client, clock, runner, tmp_path):
    make_fund()
    for satang in (10_000, 20_000, 30_000):
        make_gift(satang)
    sign(runner)
    paper = printed_on(client.get("/ledger/checkpoints/3/paper.pdf?lang=en").data, tmp_path)
    make_gift(40_000)
    sign(runner)

    page = client.get("/ledger/files/checking-the-books.md").text
    folder = tmp_path / "auditor"
    (folder / "my-checkpoints").mkdir(parents=True)
    export = re.search(r"`flask --app fundapp (ledger export [^`]+)`", page)[1]
    made = export.replace("books.zip", str(folder / "books.zip"))
    assert runner.invoke(args=shlex.split(made)).exit_code == 0
    assert "/ledger/files/verify.py" in page
    (folder / "verify.py").write_bytes(client.get("/ledger/files/verify.py").data)
    key = re.search(r"Key to verify it with(.*?)The signed text", paper, re.DOTALL)[1]
    note = paper.partition("The signed text")[2].partition("The code holds")[0]
    (folder / "my-checkpoints" / "november.txt").write_text(note, encoding="utf-8")

    def check():
        words = command_of(page, "verify.py")
        words[words.index("--vkey") + 1] = key
        command = [sys.executable, *words[1:]]
        return subprocess.run(
            command, cwd=folder, check=False, capture_output=True, text=True, timeout=60
        )

    said = check()
    assert (said.returncode, said.stderr) == (0, ""), said.stdout
    assert "Everything holds." in said.stdout
    assert "Nothing after number 3 is proven" in said.stdout
    change_entry(folder / "books.zip", b'"satang":"20000"', b'"satang":"20001"')
    said = check()
    assert said.returncode == 1, said.stdout
    assert "3" in said.stdout


def change_entry(archive, before, after):
    """The bundle with a word of an entry changed."""
    with zipfile.ZipFile(archive) as old:
        files = {name: old.read(name) for name in old.namelist()}
    assert files["entries.jsonl"].count(before) == 1
    files["entries.jsonl"] = files["entries.jsonl"].replace(before, after)
    with zipfile.ZipFile(archive, "w") as new:
        for name, data in files.items():
            new.writestr(name, data)
