"""Who writes next on SQLite: first come, first served, among threads and among processes.

Who reads what names a child, or the books, does not wait for them.
"""

import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.access.permissions import Role
from fundapp.db import (
    connection_of_work,
    db,
    sqlite_module,
    unit_of_reading,
    unit_of_work,
    unit_of_work_now,
)
from fundapp.db.write_queue import WriteQueue
from fundapp.errors import BusyError
from fundapp.trail.operations import record_child_reads
from tests.factories.actors import OFFICER
from tests.factories.books import make_fund
from tests.factories.children import RAMAN, make_child
from tests.factories.identity import PASSWORD, make_user, sign_in

pytestmark = pytest.mark.sqlite


@pytest.fixture
def queue(tmp_path):
    return WriteQueue(str(tmp_path / "fund.db-queue"))


def in_line(queue, count):
    """Threads that wait one after the other; a list gets their numbers in the order of turns."""
    turns, threads = [], []

    def wait(number):
        with queue.turn():
            turns.append(number)

    for number in range(count):
        thread = threading.Thread(target=wait, args=(number,))
        thread.start()
        while len(queue._threads._waiting) <= number:
            threading.Event().wait(0.001)
        threads.append(thread)
    return turns, threads


def test_threads_write_in_the_order_in_which_they_came(queue):
    with queue.turn():
        turns, threads = in_line(queue, 20)
    for thread in threads:
        thread.join(10)
    assert turns == list(range(20))


def test_a_wait_has_an_end(queue):
    queue.longest_wait = 0.05
    with queue.turn(), ThreadPoolExecutor(1) as pool, pytest.raises(BusyError):
        pool.submit(queue.turn().__enter__).result(10)
    with queue.turn():
        pass


HOLDER = """
import sys
from fundapp.db.write_queue import WriteQueue
with WriteQueue(sys.argv[1]).turn():
    print("mine", flush=True)
    sys.stdin.readline()
"""


def hold_in_another_process(queue):
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, queue._path],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.fixture
def other_process(queue):
    """A process that has the turn, until its input ends or it is killed."""
    process = hold_in_another_process(queue)
    assert process.stdout.readline() == "mine\n"
    yield process
    process.kill()
    process.communicate()


def test_processes_wait_for_each_other(queue, other_process):
    queue.longest_wait = 0.05
    with pytest.raises(BusyError), queue.turn():
        pass
    other_process.communicate("\n", timeout=10)
    with queue.turn():
        pass


def test_a_killed_process_holds_up_nobody(queue, other_process):
    other_process.kill()
    with queue.turn():
        pass


def test_one_who_waits_for_long_is_not_passed(queue, other_process):
    """A process that asks later gets its turn later, however often it asks."""
    began, end = threading.Event(), threading.Event()

    def write():
        with queue.turn():
            began.set()
            assert end.wait(30)

    thread = threading.Thread(target=write)
    thread.start()
    while queue._file is None or not stands_in_line(queue):
        threading.Event().wait(0.01)
    later = hold_in_another_process(queue)
    other_process.communicate("\n", timeout=10)
    assert began.wait(10)
    readable, _, _ = select.select([later.stdout], [], [], 0.3)
    assert not readable
    end.set()
    thread.join(10)
    assert later.stdout.readline() == "mine\n"
    later.communicate("\n", timeout=10)


def stands_in_line(queue):
    """Whether a number was taken: the file then has a counter."""
    return Path(queue._path).stat().st_size > 0


def test_one_who_gave_up_holds_up_nobody(queue, other_process):
    """Its number stays between those of two others."""
    queue.longest_wait = 0.02
    with pytest.raises(BusyError), queue.turn():
        pass
    second = hold_in_another_process(queue)
    other_process.communicate("\n", timeout=10)
    assert second.stdout.readline() == "mine\n"
    second.communicate("\n", timeout=10)


@pytest.fixture
def somebody_writes(app, session):
    """Another thread is in the middle of a unit of work until the test ends."""
    began, end = threading.Event(), threading.Event()

    def work():
        connection_of_work()
        began.set()
        assert end.wait(30)

    def run():
        with app.app_context():
            unit_of_work(work)

    thread = threading.Thread(target=run)
    yield Writer(lambda: (thread.start(), began.wait(10)), lambda: (end.set(), thread.join(10)))
    end.set()
    if thread.ident:
        thread.join(10)


class Writer(NamedTuple):
    """Begins and ends somebody's unit of work."""

    begin: Callable[[], object]
    end: Callable[[], object]


GIVE = {
    "amount": "512", "fund": "GENERAL", "frequency": "once", "name": "Hasan Daud",
    "email": "hasan@example.org", "method": "promptpay",
}  # fmt: skip


def test_a_form_that_waited_too_long_keeps_what_was_typed(client, somebody_writes):
    make_fund("GENERAL")
    db.engine.dialect.write_queue.longest_wait = 0.05
    db.session.remove()
    somebody_writes.begin()
    answer = client.post("/give?lang=en", data=GIVE)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "Nothing was saved" in answer.text
    assert 'value="512"' in answer.text


def test_a_lock_of_another_program_is_no_internal_error(client, session):
    """Some other program writes to the file and does not stand in line."""
    make_fund("GENERAL")
    session.connection().connection.driver_connection.execute("PRAGMA busy_timeout=50")
    session.remove()
    stranger = sqlite_module().connect(db.engine.url.database, isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    answer = client.post("/give?lang=en", data=GIVE)
    stranger.rollback()
    stranger.close()
    assert answer.status_code == 503
    assert 'value="512"' in answer.text
    assert client.post("/give?lang=en", data=GIVE).status_code == 303


def test_whoever_signs_in_waits_for_a_writer(app, client, session, somebody_writes):
    """Only the note that a session is in use is left out meanwhile."""
    user = make_user(Role.AUDITOR)
    session.remove()
    somebody_writes.begin()
    with ThreadPoolExecutor(1) as pool:
        form = {"email": user.email, "password": PASSWORD}
        answer = pool.submit(client.post, "/sign-in", data=form)
        assert not wait([answer], timeout=1).done
        somebody_writes.end()
        assert answer.result(30).status_code == 303


def count_reads():
    return db.session.scalar(text("SELECT count(*) FROM child_reads"))


def test_a_childs_file_is_shown_beside_a_long_writer(client, session, clock, somebody_writes):
    """The read is written down before anything is shown, and in the trail after the next work."""
    manager = make_user(Role.CASE_MANAGER, (RAMAN,))
    child = make_child(manager)
    sign_in(client, manager)
    before = count_reads()
    session.remove()
    somebody_writes.begin()
    began = time.monotonic()
    answer = client.get(f"/children/{child.public_id}")
    assert answer.status_code == 200
    assert time.monotonic() - began < 5
    assert count_reads() == before
    session.remove()
    somebody_writes.end()
    unit_of_work(lambda: None)
    row = db.session.execute(
        text("SELECT child_ref, reader, purpose FROM child_reads ORDER BY id DESC")
    ).first()
    assert row == (child.public_id, manager.public_id, "file")
    assert count_reads() == before + 1


def test_an_auditors_page_is_shown_beside_a_long_writer(client, session, clock, somebody_writes):
    auditor = make_user(Role.AUDITOR)
    sign_in(client, auditor)
    session.remove()
    somebody_writes.begin()
    assert client.get("/audit/funds").status_code == 200
    session.remove()
    somebody_writes.end()
    unit_of_work(lambda: None)
    query = text("SELECT count(*) FROM audit_events WHERE action = 'audit:journal:read'")
    assert db.session.scalar(query) == 1


def read_beside(somebody_writes, *children):
    somebody_writes.begin()
    unit_of_reading(record_child_reads, children, reader=OFFICER, purpose="file")
    somebody_writes.end()


def waiting_file():
    return Path(f"{db.engine.url.database}-reads")


def test_rows_that_wait_survive_a_crash_and_are_written_once(session, somebody_writes):
    """A crash between the commit and the removal of the file leaves it to be brought in again."""
    read_beside(somebody_writes, "a", "b")
    taken = waiting_file().with_name(f"{waiting_file().name}-taken")
    content = waiting_file().read_bytes()
    unit_of_work(lambda: None)
    assert not waiting_file().exists()
    assert not taken.exists()
    taken.write_bytes(content)
    unit_of_work(lambda: None)
    assert count_reads() == 2
    assert not taken.exists()


def test_rows_stay_when_the_work_that_brings_them_in_fails(session, somebody_writes):
    read_beside(somebody_writes, "a")

    def fail():
        raise ValueError

    with pytest.raises(ValueError):
        unit_of_work(fail)
    session.rollback()
    assert count_reads() == 0
    unit_of_work(lambda: None)
    assert count_reads() == 1


@pytest.mark.parametrize(
    "line",
    ['["child_reads", {"id": 1, "at": "2026', '["no_table", {}]', '["child_reads", {}]', "1"],
)
def test_a_row_that_was_cut_off_is_left_out_and_spoils_no_other(session, somebody_writes, line):
    """A crash while it was written: nothing had been shown for it."""
    waiting_file().write_text(line)
    read_beside(somebody_writes, "a")
    unit_of_work(lambda: None)
    assert count_reads() == 1


def test_a_unit_of_reading_writes_nothing_but_the_trail(session, somebody_writes):
    somebody_writes.begin()
    with pytest.raises(DBAPIError, match="readonly"):
        unit_of_reading(lambda: db.session.execute(text("DELETE FROM funds")))


def test_nothing_is_read_where_the_read_cannot_be_written_down(session, somebody_writes):
    """A full disk, say: here a folder stands in the place of the file."""
    somebody_writes.begin()
    waiting_file().mkdir()
    with pytest.raises(BusyError):
        unit_of_reading(record_child_reads, ["a"], reader=OFFICER, purpose="file")
    waiting_file().rmdir()


def test_a_file_that_cannot_be_read_holds_up_nobody_who_writes(session):
    waiting_file().mkdir()
    make_fund("GENERAL")
    assert db.session.scalar(text("SELECT count(*) FROM funds")) == 1


def test_a_page_that_records_nothing_leaves_no_file(session, somebody_writes):
    somebody_writes.begin()
    assert unit_of_reading(lambda: 1) == 1
    assert not waiting_file().exists()


def test_what_may_be_left_out_gives_up_soon(session, somebody_writes):
    somebody_writes.begin()
    began = time.monotonic()
    with pytest.raises(BusyError):
        unit_of_work_now(lambda: None)
    assert time.monotonic() - began < 5
