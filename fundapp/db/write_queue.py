"""The queue of those who write to an SQLite database: nobody waits long while others pass.

SQLite lets one transaction write at a time and leaves the others to try again after longer and
longer pauses, without an order. Here the threads of a process stand in line. The first thread of
each process then asks for the turn of its process every few milliseconds, and whoever has asked for
`PATIENCE` seconds joins a line of processes, which everybody else lets pass: one takes the next
number from a file beside the database and locks the byte of that number. The system releases the
bytes of a process that ends, however it ends.

A strict line among processes from the start would cost a change of process for each posting, and
let through about half as many of them.
"""

import fcntl
import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from fundapp.errors import BusyError

#: Seconds that one may wait; then the page says that nothing was saved.
LONGEST_WAIT = 15.0
#: Seconds of asking before a process joins the line.
PATIENCE = 1.0
#: Seconds between two tries: the first pause, which doubles, and the longest. Whoever tries more
#: often takes turns with the others posting by posting, and reads anew each time what they wrote.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.004, 0.032

#: The file: eight bytes of the last number, the byte of the turn, the bytes of the numbers.
_COUNTER, _COUNTER_BYTES, _TURN, _FIRST = 0, 8, 8, 9
_ALL = 0


class WriteQueue:
    """The queue of one database. ``path`` is its own file; None for a database in memory.
    ``longest_wait`` is in seconds.
    """

    def __init__(self, path: str | None, longest_wait: float = LONGEST_WAIT) -> None:
        self.longest_wait = longest_wait
        self._path = path
        self._threads = _ThreadQueue()
        self._file: int | None = None

    @contextmanager
    def turn(self, longest_wait: float | None = None) -> Iterator[None]:
        """Wait for one's turn to write and hold it. Raises BusyError, after ``longest_wait``
        seconds where somebody has less time than the queue gives.
        """
        self.enter(longest_wait)
        try:
            yield
        finally:
            self.leave()

    def enter(self, longest_wait: float | None = None) -> None:
        """Wait for one's turn, and hold it until `leave`; as `turn`.

        Where the file cannot be written, threads alone stand in line: the database cannot be
        written either, and says so itself.
        """
        began = time.monotonic()
        end = began + (self.longest_wait if longest_wait is None else longest_wait)
        self._threads.enter(end)
        try:
            if self._file is None:
                self._open()
            if self._file is not None and not _try_turn(self._file, None):
                self._take_turn(self._file, began, end)
        except BaseException:
            self._threads.leave()
            raise

    def leave(self) -> None:
        """Let the next one write."""
        try:
            if self._file is not None:
                _release(self._file, _TURN)
        finally:
            self._threads.leave()

    def _open(self) -> None:
        if self._path is not None:
            try:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError:
                return
            weakref.finalize(self, os.close, self._file)

    def _take_turn(self, file: int, began: float, end: float) -> None:
        """Ask for the turn of this process, and join the line when that takes too long."""
        number, pause = None, SHORTEST_PAUSE
        try:
            while not _try_turn(file, number):
                now = time.monotonic()
                if now > end:
                    raise BusyError
                if number is None and now - began > PATIENCE:
                    number = _next_number(file)
                time.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        finally:
            if number is not None:
                _release(file, number)


def _try_turn(file: int, number: int | None) -> bool:
    """Take the turn, unless somebody has it or stands before this number; without one, at all.

    Both are asked with one lock: of the turn and of the numbers before, which are let go again.
    """
    before = _ALL if number is None else number - _FIRST
    if not _lock(file, _TURN, before and before + 1):
        return False
    if before or number is None:
        _release(file, _FIRST, before)
    return True


def _next_number(file: int) -> int | None:
    """Take and lock the next number; None on a full disk, or while somebody looks at the line."""
    fcntl.lockf(file, fcntl.LOCK_EX, _COUNTER_BYTES, _COUNTER)
    try:
        last = int.from_bytes(os.pread(file, _COUNTER_BYTES, _COUNTER), "big")
        number = max(last, _FIRST) + 1
        os.pwrite(file, number.to_bytes(_COUNTER_BYTES, "big"), _COUNTER)
        return number if _lock(file, number) else None
    except OSError:
        return None
    finally:
        _release(file, _COUNTER, _COUNTER_BYTES)


def _lock(file: int, byte: int, count: int = 1) -> bool:
    """Lock these bytes for this process, unless another process has one of them."""
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, count, byte)
    except OSError:
        return False
    return True


def _release(file: int, byte: int, count: int = 1) -> None:
    fcntl.lockf(file, fcntl.LOCK_UN, count, byte)


class _ThreadQueue:
    """A lock whose waiters get it in the order in which they came."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Lock] = deque()

    def enter(self, end: float) -> None:
        """Wait for one's turn until ``end``, of the monotonic clock. Raises BusyError."""
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return
            own = threading.Lock()
            own.acquire()
            self._waiting.append(own)
        if own.acquire(timeout=max(0.0, end - time.monotonic())):
            return
        with self._guard:
            if own in self._waiting:
                self._waiting.remove(own)
                raise BusyError
        # The turn came in this very moment.

    def leave(self) -> None:
        """Let the next one write."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False
