"""What the bench is asked for on its command line."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

#: What is measured by default, and what only when it is asked for: it takes an hour.
PARTS = ("posting", "pages")
LONG_PARTS = ("growth",)
KINDS = ("sqlite", "postgresql")
WHERE = ("hot", "spread")
SIZES = ("small", "province", "nation")


@dataclass(frozen=True)
class Options:
    """The parts and databases to measure, and how long."""

    parts: Sequence[str] = PARTS
    kinds: Sequence[str] = KINDS
    writers: Sequence[int] = (1, 8)
    where: Sequence[str] = WHERE
    rounds: int = 7
    seconds: float = 3.0
    size: str = "small"
    scale: float = 1.0


def read(arguments: Sequence[str]) -> Options:
    """The options of a command line; it ends with an explanation for what it does not know."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "what",
        nargs="*",
        metavar="WHAT",
        choices=[*PARTS, *LONG_PARTS, *KINDS],
        help=f"any of {', '.join((*PARTS, *LONG_PARTS, *KINDS))}; by default all but growth",
    )
    parser.add_argument("--writers", type=int, nargs="+", default=Options.writers)
    parser.add_argument("--where", nargs="+", choices=WHERE, default=WHERE)
    parser.add_argument("--rounds", type=int, default=Options.rounds)
    parser.add_argument("--seconds", type=float, default=Options.seconds)
    parser.add_argument("--size", choices=SIZES, default=Options.size, help="the demo in the books")
    parser.add_argument("--scale", type=float, default=Options.scale, help="a share of that demo")
    given = parser.parse_args(arguments)
    return Options(
        parts=[part for part in (*PARTS, *LONG_PARTS) if part in given.what] or PARTS,
        kinds=[kind for kind in KINDS if kind in given.what] or KINDS,
        writers=given.writers,
        where=given.where,
        rounds=given.rounds,
        seconds=given.seconds,
        size=given.size,
        scale=given.scale,
    )
