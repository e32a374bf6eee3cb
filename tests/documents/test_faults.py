"""The check ``documents.files``: every file is there and is what was accepted."""

import os
from datetime import timedelta

import pytest

from fundapp.audit.checks import run_checks
from fundapp.crypto import Keyring
from fundapp.db import unit_of_work
from fundapp.documents import store
from fundapp.documents.intake import accept
from fundapp.documents.models import Document
from fundapp.documents.operations import note_findings, store_document
from fundapp.documents.queries import AGAIN_AFTER
from fundapp.errors import ForbiddenError
from fundapp.trail.models import ChildRead
from tests.conftest import made_up_key
from tests.documents.pictures import pdf, picture
from tests.factories.actors import ADMINISTRATOR, AUDITOR, MANAGER, VISITOR


def keep(upload):
    stored = unit_of_work(
        store_document, accept(upload), subject_type="proof", subject_ref="P1", actor=MANAGER
    )
    return stored.document


@pytest.fixture
def papers(build_once, clock, tmp_path):
    """Two documents that were stored a minute ago: the times of files advance in steps of some
    milliseconds, so two writes within one step look the same.
    """
    papers = build_once("documents/papers", lambda: [keep(pdf()), keep(picture())])
    for paper in papers:
        path = tmp_path / "documents" / paper.storage_key
        written_at = path.stat().st_mtime_ns - 60 * 10**9
        os.utime(path, ns=(written_at, written_at))
    return papers


@pytest.fixture
def path(papers, tmp_path):
    """The file of the first."""
    return tmp_path / "documents" / papers[0].storage_key


def found():
    """What the check names, and what is wrong with each."""
    return {
        violation.ref: violation.problem
        for result in run_checks()
        if result.check.name == "documents.files"
        for violation in result.violations
    }


def work(runner):
    assert runner.invoke(args=["worker", "--once"]).exit_code == 0


def checked(session):
    """For each document whether its file was opened, and whether it was found intact."""
    session.expire_all()
    rows = session.query(Document).order_by(Document.id)
    return [(row.checked_at is not None, row.intact_version is not None) for row in rows]


def change_unseen(path):
    """Other bytes in the same place, with the same size and time, as a bad disk changes them."""
    status = path.stat()
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    with path.open("r+b") as file:
        file.write(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def other_end(content):
    """The bytes with another last one; the last byte of what is encrypted may be any."""
    return content[:-1] + bytes([content[-1] ^ 1])


def test_sound_files_are_green_and_no_read_is_written(session, papers, runner):
    assert found() == {}
    work(runner)
    assert found() == {}
    assert checked(session) == [(True, True)] * 2
    assert session.query(ChildRead).count() == 0


# About the files; the findings in the table are shown on both databases below.
@pytest.mark.sqlite
@pytest.mark.parametrize("is_checked_before", [False, True])
@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        (lambda path: path.unlink(), "missing"),
        (lambda path: path.write_bytes(b""), "not what was accepted"),
        (lambda path: path.write_bytes(other_end(path.read_bytes())), "not what was accepted"),
        (lambda path: path.write_bytes(pdf(b"/Lang (th)")), "not what was accepted"),
    ],
    ids=["gone", "empty", "changed", "another paper"],
)
def test_a_lost_file_is_named(papers, path, runner, harm, problem, is_checked_before):
    if is_checked_before:
        work(runner)
    harm(path)
    named = found()
    assert list(named) == [papers[0].public_id]
    assert problem in named[papers[0].public_id]
    result = runner.invoke(args=["audit", "check"])
    assert result.exit_code == 1
    assert papers[0].public_id in result.output
    assert "1 red" in result.output


# About the files alone.
@pytest.mark.sqlite
def test_files_of_another_document_are_not_taken(papers, path, tmp_path):
    path.write_bytes((tmp_path / "documents" / papers[1].storage_key).read_bytes())
    assert list(found()) == [papers[0].public_id]


def test_what_was_found_intact_is_opened_again_after_a_month(papers, path, runner, clock, session):
    work(runner)
    change_unseen(path)
    assert found() == {}, "it was found intact a moment ago, and nothing was written since"
    clock.shift(timedelta(days=30, minutes=-1))
    work(runner)
    assert found() == {}
    clock.shift(timedelta(minutes=1))
    assert list(found()) == [papers[0].public_id]
    work(runner)
    assert checked(session) == [(True, False), (True, True)]
    assert list(found()) == [papers[0].public_id]


@pytest.mark.sqlite
def test_every_document_can_be_opened_at_once(papers, path, runner, session):
    work(runner)
    change_unseen(path)
    assert runner.invoke(args=["audit", "check"]).exit_code == 0
    result = runner.invoke(args=["audit", "check", "--every-document"])
    assert result.exit_code == 1
    assert papers[0].public_id in result.output
    assert papers[1].public_id not in result.output
    assert checked(session) == [(True, False), (True, True)]


@pytest.mark.sqlite
def test_a_file_brought_back_is_green_at_once_and_noted_within_the_hour(
    papers, path, runner, session, clock
):
    content = path.read_bytes()
    path.unlink()
    work(runner)
    assert checked(session) == [(True, False), (True, True)]
    path.write_bytes(content)
    assert found() == {}
    work(runner)
    assert checked(session) == [(True, False), (True, True)]
    clock.shift(AGAIN_AFTER)
    work(runner)
    assert checked(session) == [(True, True)] * 2


@pytest.mark.sqlite
def test_a_paper_sent_again_is_green_and_opened_again(papers, path, runner, session):
    path.unlink()
    work(runner)
    assert checked(session) == [(True, False), (True, True)]
    keep(pdf())
    assert found() == {}
    assert checked(session) == [(False, False), (True, True)]
    work(runner)
    assert checked(session) == [(True, True)] * 2


@pytest.mark.sqlite
def test_a_round_waits_for_the_store_once(papers, path, tmp_path, runner, session):
    """Both files cannot be opened: the second is tried in the next round."""
    for paper in papers:
        blocked = tmp_path / "documents" / paper.storage_key
        blocked.unlink()
        blocked.mkdir()
    work(runner)
    assert sorted(checked(session)) == [(False, False), (True, False)]
    work(runner)
    assert checked(session) == [(True, False)] * 2


def test_a_rotated_file_is_opened_again(app, papers, runner, session):
    work(runner)
    other = f"k2:{made_up_key('k2')}"
    app.extensions["keyring"] = Keyring.parse(f"{other},{app.config['FIELD_KEYS']}")
    assert runner.invoke(args=["keys", "rotate"]).exit_code == 0
    assert checked(session) == [(False, False)] * 2
    assert found() == {}
    work(runner)
    assert checked(session) == [(True, True)] * 2


# About the files alone.
@pytest.mark.sqlite
def test_a_store_that_does_not_answer_is_told_for_each_document(papers, path, tmp_path):
    path.unlink()
    path.mkdir()
    assert "cannot be opened" in found()[papers[0].public_id]
    with pytest.raises(store.StoreError):
        store.get(papers[0].storage_key)


@pytest.mark.sqlite
@pytest.mark.parametrize("actor", [ADMINISTRATOR, AUDITOR, MANAGER, VISITOR], ids=str)
def test_people_do_not_note_findings(papers, actor):
    with pytest.raises(ForbiddenError):
        unit_of_work(note_findings, [], actor=actor)
