"""How long a page takes on small books and on large ones, opened in turn.

What counts is the processor time of the application and the database; the time on the wall, which
other work makes longer, is printed beside it.
"""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bench.processor import Clock
from bench.walk import Address, Walk

#: What opens a page, and the clock of the books that it is of.
Opener = tuple[Callable[[], object], Clock]

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
    """Milliseconds of the processor on the large books and on the small ones, for whom, and on the
    wall on the large ones; a page that the small books do not have has not grown. ``longer``: how
    many times as many characters the page has on the large books, 1 at least.
    """

    now: float
    before: float
    who: str
    wall: float = 0.0
    longer: float = 1.0

    @property
    def growth(self) -> float:
        """How many times as long, for as many characters: a list that the small books do not fill
        shows fewer rows there.
        """
        return self.now / self.before / self.longer

    def grows(self, most: float) -> bool:
        """Whether it grew more than ``most`` times."""
        return self.growth > most and self.now - self.before * self.longer > NO_GROWTH


def time_page(
    walks: Sequence[Walk], clocks: Sequence[Clock], label: str, who: str, most: float
) -> Timed:
    """Time the pages of one label on the small books and on the large ones; again when they seem to
    grow more than ``most`` times.
    """
    openers = [
        [(_opener(walk, address), clock) for address in walk.pages.get(label, [])]
        for walk, clock in zip(walks, clocks, strict=True)
    ]
    sizes = [statistics.median(walk.sizes.get(label, [0])) for walk in walks]
    longer = max(1.0, sizes[1] / sizes[0]) if sizes[0] else 1.0
    return time_openers(openers, who, most, longer)


def time_openers(
    openers: Sequence[Sequence[Opener]], who: str, most: float, longer: float = 1.0
) -> Timed:
    """Time what opens pages: those on the small books, then those on the large ones, which are
    ``longer`` times as long.
    """
    never = (float("inf"), float("inf"))
    best = [[never] * len(each) for each in openers]
    for _ in range(TRIES):
        for _ in range(TIMES):
            for times, each in zip(best, openers, strict=True):
                times[:] = map(_least, times, _seconds(each))
            if max(wall for times in best for _cpu, wall in times) > LONG:
                break
        now, wall = _middle(best[1])
        before = _middle(best[0])[0] if best[0] else now
        timed = Timed(now, before, who, wall, longer)
        if not timed.grows(most) or wall > LONG * 1000:
            break
    return timed


def _middle(times: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Milliseconds of the processor and on the wall, of the page in the middle."""
    cpu, wall = zip(*times, strict=True)
    return statistics.median(cpu) * 1000, statistics.median(wall) * 1000


def _least(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return min(one[0], other[0]), min(one[1], other[1])


def _seconds(openers: Iterable[Opener]) -> Iterable[tuple[float, float]]:
    """Seconds of the processor and on the wall."""
    for opener, clock in openers:
        began, began_on_wall = clock(), time.perf_counter()
        opener()
        yield clock() - began, time.perf_counter() - began_on_wall


def _opener(walk: Walk, address: Address) -> Callable[[], object]:
    return lambda: walk.open(address)
