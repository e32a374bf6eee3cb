"""How long a page takes on small books and on large ones, opened in turn."""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bench.walk import Address, Walk

#: How often each page is opened; its fastest time counts, which other work disturbs least.
TIMES = 5
#: How often that is done again for a page that seems to have grown.
TRIES = 3
#: Seconds after which a page is not opened again.
LONG = 1.0
#: Milliseconds that a page may grow by, whatever its growth: the clock is no finer on pages of a
#: few milliseconds.
NO_GROWTH = 1.0


@dataclass(frozen=True, order=True)
class Timed:
    """Milliseconds on the large books and on the small ones, and for whom; a page that the small
    books do not have has not grown.
    """

    now: float
    before: float
    who: str

    @property
    def growth(self) -> float:
        """How many times as long."""
        return self.now / self.before

    def grows(self, most: float) -> bool:
        """Whether it grew more than ``most`` times."""
        return self.growth > most and self.now - self.before > NO_GROWTH


def time_page(small: Walk, large: Walk, label: str, who: str, most: float) -> Timed:
    """Time the pages of one label; again when they seem to grow more than ``most`` times."""
    openers = [
        [_opener(walk, address) for address in walk.pages.get(label, [])] for walk in (small, large)
    ]
    return time_openers(openers, who, most)


def time_openers(openers: Sequence[Sequence[Callable[[], object]]], who: str, most: float) -> Timed:
    """Time what opens pages: those on the small books, then those on the large ones."""
    best = [[float("inf")] * len(each) for each in openers]
    for _ in range(TRIES):
        for _ in range(TIMES):
            for times, each in zip(best, openers, strict=True):
                times[:] = map(min, times, _seconds(each))
            if max(time for times in best for time in times) > LONG:
                break
        now = statistics.median(best[1]) * 1000
        before = statistics.median(best[0]) * 1000 if best[0] else now
        timed = Timed(now, before, who)
        if not timed.grows(most) or now > LONG * 1000:
            break
    return timed


def _seconds(openers: Iterable[Callable[[], object]]) -> Iterable[float]:
    for opener in openers:
        began = time.perf_counter()
        opener()
        yield time.perf_counter() - began


def _opener(walk: Walk, address: Address) -> Callable[[], object]:
    return lambda: walk.open(address)
