"""Who writes next on SQLite: first come, first served, among threads and among processes."""

import select
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fundapp.db import connection_of_work, db, sqlite_module, unit_of_work
from fundapp.db.write_queue import WriteQueue
from fundapp.errors import BusyError
from tests.factories.books import make_fund

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
    yield lambda: (thread.start(), began.wait(10))
    end.set()
    thread.join(10)


GIVE = {
    "amount": "512", "fund": "GENERAL", "frequency": "once", "name": "Hasan Daud",
    "email": "hasan@example.org", "method": "promptpay",
}  # fmt: skip


def test_a_form_that_waited_too_long_keeps_what_was_typed(client, somebody_writes):
    make_fund("GENERAL")
    db.engine.dialect.write_queue.longest_wait = 0.05
    db.session.remove()
    somebody_writes()
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
