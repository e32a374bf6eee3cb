"""One process that posts whenever it is told to: ``python -m bench.writer CONTENDER URL FUNDS``.

CONTENDER is a module of this package with ``prepare(url)`` and ``steps(url, funds)``. Each line of
standard input is a number of seconds; the answer is how many postings were acknowledged in them,
and how many seconds of the processor this process took. With ``prepare`` in place of FUNDS it makes
the books and ends.
"""

import importlib
import sys
import time
from collections.abc import Iterator


def main(contender: str, url: str, funds: str) -> None:
    """Prepare the books, or post until standard input ends."""
    ledger = importlib.import_module(f"bench.{contender}")
    if funds == "prepare":
        ledger.prepare(url)
        return
    steps = ledger.steps(url, int(funds))
    _count(steps, 0.2)  # the first postings prepare statements and fill caches
    print("ready", flush=True)
    for line in sys.stdin:
        began = time.process_time()
        done = _count(steps, float(line))
        print(done, time.process_time() - began, flush=True)
    steps.close()


def _count(steps: Iterator[None], seconds: float) -> int:
    until, done = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        next(steps)
        done += 1
    return done


if __name__ == "__main__":
    main(*sys.argv[1:])
