"""Words that stand on rows of other packages, erased by the number of their thing (RQ…, C-…, BL…).

Those packages are above this one. Each puts an `Eraser` into the application's extensions under
`ERASERS`, by the letters with which the numbers of its things begin.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from fundapp.markers import N_

#: Where the application keeps the erasers.
ERASERS = "erasers_of_words"
#: What stays of everything that is erased.
BACKUPS = N_("Backups that were made before, until they are thrown away")


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: its number, what it is (a message id), and when."""

    number: str
    what: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Erasure:
    """What erasing takes away, how many of each, and what stays (message ids); no word of it."""

    written: Written
    goes: tuple[tuple[str, int], ...]
    stays: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Eraser:
    """What a package does with the numbers of its things.

    ``plan`` and ``erase`` take a number and the actor, ``erase`` the ground ``why`` too, and raise
    what `fundapp.remarks.operations.erase_words` does. ``event`` is the type of subject and the
    action under which the trail has it; ``find`` gives, by the ref of the subject, what was
    written.
    """

    plan: Callable[..., Erasure]
    erase: Callable[..., None]
    event: tuple[str, str]
    find: Callable[[Collection[str]], dict[str, Written]]


def eraser_of(number: str) -> Eraser | None:
    """The eraser of another package for this number; None when the number is none of those."""
    return _erasers().get(number[:2])


def all_erasers() -> list[Eraser]:
    """The erasers of the other packages."""
    return list(_erasers().values())


def _erasers() -> dict[str, Eraser]:
    erasers: dict[str, Eraser] = current_app.extensions.get(ERASERS, {})
    return erasers
