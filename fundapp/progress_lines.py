"""How far a long command is, and how long it still takes: for people who wait and for logs."""

import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Self, TextIO

#: Seconds between two lines, and before the first one: a short command says nothing.
EVERY = 3.0


@dataclass(slots=True)
class Progress:
    """Says every few seconds how much of ``total`` is done, on the standard error: a terminal sees
    one line that changes, everything else a line each time.
    """

    label: str
    total: int = 0
    done: int = 0
    began: float = field(default_factory=time.monotonic)
    said_at: float = field(default_factory=time.monotonic)
    has_line: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the last line on the terminal, so that what follows begins a new one."""
        if self.has_line:
            self._out.write("\n")
            self._out.flush()

    def add(self, count: int = 1) -> None:
        """``count`` more are done; several threads may say so."""
        with self.lock:
            self.set(self.done + count, self.total)

    def set(self, done: int, total: int) -> None:
        """``done`` of ``total`` are done."""
        self.done, self.total = done, total
        now = time.monotonic()
        if now - self.said_at >= EVERY:
            self.said_at = now
            self._say(now)

    @property
    def _out(self) -> TextIO:
        return sys.stderr

    def _say(self, now: float) -> None:
        line = f"{self.label}: {self.done:,} of {self.total:,}, {self._left(now)}"
        if self._out.isatty():
            self._out.write(f"\r{line:<78}")
            self.has_line = True
        else:
            self._out.write(line + "\n")
        self._out.flush()

    def _left(self, now: float) -> str:
        seconds = (now - self.began) * max(0, self.total - self.done) / max(1, self.done)
        minutes, rest = divmod(round(seconds), 60)
        return f"{minutes} min {rest} s left" if minutes else f"{rest} s left"
