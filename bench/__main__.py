"""Runs the benchmark: ``python -m bench [posting|pages] [sqlite|postgresql]``."""

import sys

from bench import pages, posting
from bench.databases import databases

POSTING_AIMS = {"sqlite": {1: 0.60, 8: 0.60}, "postgresql": {1: 1.00, 8: 0.80}}


def main(arguments: list[str]) -> None:
    """Measure what ``arguments`` name; everything by default."""
    kinds = [kind for kind in POSTING_AIMS if kind in arguments] or list(POSTING_AIMS)
    parts = [part for part in ("posting", "pages") if part in arguments] or ["posting", "pages"]
    with databases(kinds) as urls:
        for kind in kinds:
            if "posting" in parts:
                posting.measure(kind, urls, POSTING_AIMS[kind])
            if "pages" in parts:
                pages.measure(kind, urls)


if __name__ == "__main__":
    main(sys.argv[1:])
