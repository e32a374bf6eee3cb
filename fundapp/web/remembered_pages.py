"""The bytes of remembered pages, and the values in them that differ from visitor to visitor."""

import threading
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from fundapp.web.compression import GzipWithGaps, compress

#: How long a page is remembered at most.
SECONDS = 60.0
#: As the maker of a value: the token of the form, which whoever sends the page makes.
TOKEN = None

Fill = Callable[[], str] | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A page as its view made it; ``fills`` gives another value for each that is this visitor's."""

    text: str
    fills: Mapping[str, Fill] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RememberedPage:
    """A page in bytes, cut at the values that differ."""

    version: Hashable
    made_at: float
    pieces: tuple[bytes, ...]
    fills: tuple[Fill, ...]
    etag: str
    encoded: dict[str, bytes] = field(default_factory=dict)
    with_gaps: list[GzipWithGaps] = field(default_factory=list)

    def body(self, token: str = "") -> bytes:
        """The page for one visitor, whose form has ``token``."""
        parts = [self.pieces[0]]
        for value, piece in zip(self._values(token), self.pieces[1:], strict=True):
            parts += (value, piece)
        return b"".join(parts)

    def gzip_body(self, token: str = "") -> bytes:
        """The same in gzip: only what is the visitor's is not compressed beforehand."""
        if not self.with_gaps:
            self.with_gaps.append(GzipWithGaps(self.pieces))
        return self.with_gaps[0].with_values(self._values(token))

    def _values(self, token: str) -> list[bytes]:
        made = {
            fill: (token if fill is TOKEN else fill()).encode()
            for fill in dict.fromkeys(self.fills)
        }
        return [made[fill] for fill in self.fills]

    def body_in(self, encoding: str) -> bytes:
        """The page of all visitors in ``encoding``."""
        if encoding not in self.encoded:
            self.encoded[encoding] = compress(self.pieces[0], encoding, for_good=True)
        return self.encoded[encoding]


class PageStore:
    """The newest page of each name."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._pages: dict[Hashable, RememberedPage] = {}
        self._locks: dict[Hashable, threading.Lock] = {}

    def find(self, name: Hashable, version: Hashable) -> RememberedPage | None:
        """The page ``name`` of that version, if it is remembered and young."""
        page = self._pages.get(name)
        is_right = page is not None and page.version == version and self._is_young(page)
        return page if is_right else None

    def get(self, name: Hashable, version: Hashable, make: Callable[[], Draft]) -> RememberedPage:
        """The page ``name`` of that version, made by ``make`` unless it is remembered and young."""
        page = self._pages.get(name)
        if page is not None and self._is_young(page) and page.version == version:
            return page
        lock = self._locks.setdefault(name, threading.Lock())
        can_wait = page is None or not self._is_young(page)
        if not lock.acquire(blocking=can_wait):
            assert page is not None  # noqa: S101 - else the lock was waited for
            return page
        try:
            newer = self._pages.get(name)
            if newer is not page and newer is not None and newer.version == version:
                return newer
            made = _cut(make(), version, self._now())
            self._pages[name] = made
            return made
        finally:
            lock.release()

    def _is_young(self, page: RememberedPage) -> bool:
        return self._now() - page.made_at < SECONDS


def _cut(draft: Draft, version: Hashable, now: float) -> RememberedPage:
    """Cut the page at its own values."""
    pieces = [draft.text]
    fills: list[Fill] = []
    for value, fill in draft.fills.items():
        cut: list[str] = []
        marks: list[Fill] = []
        for index, piece in enumerate(pieces):
            parts = piece.split(value)
            cut += parts
            marks += [fill] * (len(parts) - 1)
            if index < len(fills):
                marks.append(fills[index])
        pieces, fills = cut, marks
    bodies = tuple(piece.encode() for piece in pieces)
    return RememberedPage(version, now, bodies, tuple(fills), sha256(bodies[0]).hexdigest()[:16])
