"""Runs the benchmark: ``python -m bench --help``. Exit status 1 where an aim is missed."""

import sys

from bench import growth, helping, options, pages, phone, posting, sealed
from bench.databases import databases, open_books
from bench.figures import Figures


def main(arguments: list[str]) -> int:
    """Measure what ``arguments`` name, everything by default; the exit status."""
    asked, figures = options.read(arguments), Figures()
    for kind in asked.kinds:
        if "posting" in asked.parts:
            with databases(kind, posting.contenders_on(kind)) as urls:
                posting.measure(kind, urls, asked, figures)
        if "pages" in asked.parts:
            with databases(kind, ["fund", "raw"]) as urls:
                pages.measure(kind, urls, asked, figures)
        if "phone" in asked.parts:
            with databases(kind, ["fund"]) as urls:
                phone.measure(kind, urls, asked, figures)
        if "helping" in asked.parts:
            with databases(kind, ["helping"]) as urls:
                helping.measure(kind, urls["helping"], figures)
        if "growth" in asked.parts:
            with databases(kind, ["small", "large", "empty"]) as urls:
                growth.measure(kind, urls, asked, figures)
                open_books(urls["empty"])
                sealed.measure(kind, urls["large"], urls["empty"], figures)
    return figures.conclude()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
