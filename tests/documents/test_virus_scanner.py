"""The virus scanner sees every upload before anything decodes it, and its silence stops one."""

import time
from socket import create_server

import pytest

from fundapp.documents import errors, intake, virus_scanner
from tests.documents.pictures import EICAR, pdf, picture
from tests.fakes.clamd import open_clamd

#: A photograph that carries the test virus behind its pixels.
INFECTED = picture() + EICAR


@pytest.fixture(params=["port", "socket"])
def clamd(request, tmp_path):
    with open_clamd(tmp_path / "clamd.sock" if request.param == "socket" else None) as server:
        yield server


@pytest.mark.parametrize("upload", [picture(), pdf()], ids=["picture", "pdf"])
def test_what_the_scanner_lets_through_is_taken(clamd, upload):
    assert intake.accept(upload, clamd.address) == intake.accept(upload)
    assert clamd.seen == [upload]


def test_a_virus_is_refused_with_its_reason(clamd):
    with pytest.raises(errors.InfectedFileError, match="virus scanner found something"):
        intake.accept(INFECTED, clamd.address)


def test_a_large_file_is_seen_whole(clamd):
    upload = picture("PNG", (2000, 2000)) + bytes(5_000_000)
    intake.accept(upload, clamd.address)
    assert clamd.seen == [upload]


def test_what_is_refused_anyway_is_not_sent(clamd):
    with pytest.raises(errors.DocumentRefusedError):
        intake.accept(b"MZ" + EICAR, clamd.address)
    assert clamd.seen == []


@pytest.mark.parametrize(
    "answer",
    [b"INSTREAM size limit exceeded. ERROR\0", b"UNKNOWN COMMAND\0", b"\0", b"stream: OK,"],
)
def test_any_other_answer_stops_the_upload(answer):
    with open_clamd(answer=answer) as server, pytest.raises(errors.ScannerAwayError):
        intake.accept(picture(), server.address)


def test_without_a_scanner_at_the_address_nothing_is_taken(tmp_path):
    with create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for address in (f"127.0.0.1:{port}", str(tmp_path / "missing.sock")):
        with pytest.raises(errors.ScannerAwayError, match="not taken"):
            intake.accept(picture(), address)


def test_a_scanner_that_says_nothing_ends_in_bounded_time(monkeypatch):
    monkeypatch.setattr(virus_scanner, "LONGEST", 0.5)
    began = time.monotonic()
    with open_clamd(answer=b"") as server, pytest.raises(errors.ScannerAwayError):
        intake.accept(picture(), server.address)
    assert time.monotonic() - began < 5
