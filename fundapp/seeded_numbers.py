"""Numbers that follow from a seed and from what is drawn from: anybody draws the same again.

The steps are written out in ``docs/sampling.md``. Pure, integers only.
"""

import hashlib
from itertools import count

_BLOCKS = 1 << 256


class Stream:
    """Numbers that follow from a seed and a population."""

    def __init__(self, seed: str, population_sha256: bytes) -> None:
        start = b"sample-1\0" + seed.encode() + b"\0" + population_sha256
        self._key = hashlib.sha256(start).digest()
        self._counter = count()

    def below(self, limit: int) -> int:
        """The next number from 0 to ``limit`` - 1, each as likely as the others."""
        while True:
            block = self._key + next(self._counter).to_bytes(8, "big")
            number = int.from_bytes(hashlib.sha256(block).digest(), "big")
            if number < _BLOCKS - _BLOCKS % limit:
                return number % limit


def distinct(rows: int, wanted: int, stream: Stream) -> list[int]:
    """So many different rows out of ``rows``, counted from 0, in the order in which they are drawn;
    ``wanted`` is no more than there are.
    """
    drawn: dict[int, None] = {}
    while len(drawn) < wanted:
        drawn[stream.below(rows)] = None
    return list(drawn)
