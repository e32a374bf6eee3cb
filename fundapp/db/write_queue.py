"""The queue of those who write to an SQLite database: first come, first served.

SQLite lets one transaction write at a time and leaves the others to try again after pauses, so that
one of them can wait long while later ones pass it. Here the threads of a process wait in line, and
the first of each process waits in a line of processes: it takes the next number from a file beside
the database and locks the byte of that number, then waits until no lower byte is locked. The system
releases the byte of a process that ends, however it ends.
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
#: Seconds between two looks at the processes ahead.
PAUSE = 0.002

#: The first byte is locked while a number is taken; those of the numbers follow the counter.
_COUNTER, _COUNTER_BYTES, _FIRST = 0, 8, 8


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
    def turn(self) -> Iterator[None]:
        """Wait for one's turn to write and hold it. Raises BusyError.

        Where the file cannot be written, threads alone stand in line: the database cannot be
        written either, and says so itself.
        """
        end = time.monotonic() + self.longest_wait
        self._threads.enter(end)
        try:
            number = self._enter_processes(end)
            try:
                yield
            finally:
                self._leave_processes(number)
        finally:
            self._threads.leave()

    def _enter_processes(self, end: float) -> int | None:
        if self._path is None:
            return None
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                weakref.finalize(self, os.close, self._file)
            number = self._take_number(self._file)
        except OSError:
            return None
        while not self._is_first(self._file, number):
            if time.monotonic() > end:
                self._leave_processes(number)
                raise BusyError
            time.sleep(PAUSE)
        return number

    def _leave_processes(self, number: int | None) -> None:
        if self._file is not None and number is not None:
            fcntl.lockf(self._file, fcntl.LOCK_UN, number - _FIRST + 1, _FIRST)

    @staticmethod
    def _take_number(file: int) -> int:
        fcntl.lockf(file, fcntl.LOCK_EX, 1, _COUNTER)
        try:
            last = int.from_bytes(os.pread(file, _COUNTER_BYTES, _COUNTER), "big")
            number = max(last, _FIRST) + 1
            os.pwrite(file, number.to_bytes(_COUNTER_BYTES, "big"), _COUNTER)
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
        finally:
            fcntl.lockf(file, fcntl.LOCK_UN, 1, _COUNTER)
        return number

    @staticmethod
    def _is_first(file: int, number: int) -> bool:
        """Whether nobody holds a lower number: then all of them are locked with one's own."""
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, number - _FIRST, _FIRST)
        except OSError:
            return False
        return True


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
