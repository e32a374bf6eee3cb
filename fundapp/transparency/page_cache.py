"""A cache of pages that are the same for everybody, in the memory of each process.

The public home page is the same for every visitor who is not signed in. It is kept for each
language until the books have a newer entry, a month is published or the day changes, and at most
`SECONDS`: so money that comes in shows at once, and other changes (a fund's name) within that time.
The files of published figures are kept likewise, until another month is published.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

SECONDS = 60.0


@dataclass(slots=True)
class PageCache:
    """The latest text of each page, with the version of the data it was made from and its time."""

    clock: Callable[[], float] = time.monotonic
    pages: dict[Hashable, tuple[Hashable, float, str]] = field(default_factory=dict)

    def get(self, name: Hashable, version: Hashable, make: Callable[[], str]) -> str:
        """The page ``name`` of that version; made now unless the cache has it and it is young."""
        cached = self.pages.get(name)
        now = self.clock()
        if cached is not None and cached[0] == version and now - cached[1] < SECONDS:
            return cached[2]
        text = make()
        self.pages[name] = (version, now, text)
        return text
