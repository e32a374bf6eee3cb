"""What the bench is asked for on its command line."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from demo.sizes import WITHOUT_OLDER_BOOKS

#: What is measured by default, and what only when it is asked for: it takes an hour.
PARTS = ("posting", "pages", "phone", "helping")
LONG_PARTS = ("growth",)
KINDS = ("sqlite", "postgresql")
WHAT = (*PARTS, *LONG_PARTS, *KINDS)
WHERE = ("hot", "spread")
#: Who opens every page of the demo, and the e-mail addresses.
PEOPLE = {
    "visitor": None,
    "donor": "donor@example.org",
    "officer": "officer@example.org",
    "approver": "approver@example.org",
    "case-manager": "case-yala@example.org",
    "supervisor": "supervisor@example.org",
    "auditor": "auditor@example.org",
    "administrator": "admin@example.org",
}
SIZES = ("small", "province", "nation")
#: What pages of a larger demo are timed beside.
BASES = ("small", WITHOUT_OLDER_BOOKS)


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
    base: str = "small"
    scale: float = 1.0
    who: Sequence[str] = tuple(PEOPLE)


def read(arguments: Sequence[str]) -> Options:
    """The options of a command line; it ends with an explanation for what it does not know."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measure, and print the aims."
    )
    parser.add_argument(
        "what",
        nargs="*",
        metavar="WHAT",
        type=_known,
        help=f"any of {', '.join(WHAT)}; by default all but growth",
    )
    parser.add_argument("--writers", type=int, nargs="+", default=Options.writers)
    parser.add_argument("--where", nargs="+", choices=WHERE, default=WHERE)
    parser.add_argument("--rounds", type=int, default=Options.rounds)
    parser.add_argument("--seconds", type=float, default=Options.seconds)
    parser.add_argument("--size", choices=SIZES, default=Options.size, help="the demo in the books")
    parser.add_argument("--base", choices=BASES, default=Options.base, help="what it grew from")
    parser.add_argument("--scale", type=float, default=Options.scale, help="a share of that demo")
    parser.add_argument("--who", nargs="+", choices=PEOPLE, default=Options.who)
    given = parser.parse_args(arguments)
    return Options(
        parts=[part for part in (*PARTS, *LONG_PARTS) if part in given.what] or PARTS,
        kinds=[kind for kind in KINDS if kind in given.what] or KINDS,
        writers=given.writers,
        where=given.where,
        rounds=given.rounds,
        seconds=given.seconds,
        size=given.size,
        base=given.base,
        scale=given.scale,
        who=given.who,
    )


def _known(word: str) -> str:
    # Not as choices: argparse would look for the empty list among them.
    if word not in WHAT:
        raise argparse.ArgumentTypeError(f"{word} is none of {', '.join(WHAT)}")
    return word
