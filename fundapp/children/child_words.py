"""Words about a child that stand on rows of packages above this one, or of its own folders, and how
they are erased.

Each of them puts a `ChildWords` into the application's extensions under `WORDS`. A test compares
their tables with all that hold encrypted words (`tests/children/test_erasing_words.py`).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from flask import current_app

from fundapp.access.actors import Actor
from fundapp.children.encryption import WORDS_BLOCK, decrypt, encrypt
from fundapp.children.models import Child
from fundapp.db import Base

#: Where the application keeps them.
WORDS = "words_about_children"
#: What is left of a text, and of texts by name.
_NOTHING = ("", "{}")


@dataclass(frozen=True, slots=True)
class ChildWords:
    """Words of some tables: what they are called (a message id), what finds the rows of a child
    that still hold some, and what erases those of one row.
    """

    label: str
    tables: tuple[str, ...]
    find: Callable[[Child], Iterable[Base]]
    erase: Callable[[Base, Actor], None]


def words_of(child: Child) -> Iterator[tuple[ChildWords, list[Base]]]:
    """Every kind of words with the rows of this child that still hold some."""
    kinds: list[ChildWords] = current_app.extensions[WORDS]
    for kind in kinds:
        rows = list(kind.find(child))
        if rows:
            yield kind, rows


def holds_words(row: Base, *columns: str) -> bool:
    """Whether one of these columns still says something. Nothing is shown to anybody."""
    return any(
        getattr(row, column) is not None and decrypt(row, column) not in _NOTHING
        for column in columns
    )


def empty_words(row: Base, *columns: str, texts: str = "") -> None:
    """Let these columns say nothing; ``texts`` is the one that holds texts by name (JSON)."""
    for column in (*columns, *([texts] if texts else [])):
        if getattr(row, column) is not None:
            nothing = "{}" if column == texts else ""
            value = encrypt(type(row), column, row.id, nothing, block=WORDS_BLOCK)  # type: ignore[attr-defined]
            setattr(row, column, value)
