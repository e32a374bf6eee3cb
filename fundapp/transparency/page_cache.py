"""A page that is made once and sent to many, in the memory of each process.

The public home page is the same for every visitor who is not signed in. It is kept for each
language until the books have a newer entry or the day changes, and never longer than `SECONDS`: so
money in and out shows at once, and other changes (a fund's name) within that time.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

SECONDS = 60.0


@dataclass(slots=True)
class Remembered:
    """One text for each name, as long as its version stays and it is young."""

    clock: Callable[[], float] = time.monotonic
    texts: dict[Hashable, tuple[Hashable, float, str]] = field(default_factory=dict)

    def get(self, name: Hashable, version: Hashable, make: Callable[[], str]) -> str:
        """The text of that name and version, made now if it is not there."""
        known = self.texts.get(name)
        now = self.clock()
        if known is not None and known[0] == version and now - known[1] < SECONDS:
            return known[2]
        text = make()
        self.texts[name] = (version, now, text)
        return text
