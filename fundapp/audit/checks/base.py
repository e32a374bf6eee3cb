"""What a check is, and how checks ask the database."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from fundapp.db import db
from fundapp.ledger.drafts import entry_number


@dataclass(frozen=True, slots=True)
class Violation:
    """A row that breaks a check: what it is called, and what is wrong with it (English);
    ``params`` are values in the problem, which is a message id where it has some. ``person`` is the
    name of whom ``ref`` is the public id; it is not stored, and pages look it up.
    """

    ref: str
    problem: str
    params: Mapping[str, object] = field(default_factory=dict)
    person: str = ""

    @property
    def shown_ref(self) -> str:
        """What it is called on the command line."""
        return self.person or self.ref

    @property
    def sentence(self) -> str:
        """The problem with its values, in English."""
        return self.problem % self.params if self.params else self.problem


@dataclass(frozen=True, slots=True)
class Check:
    """A statement that must hold. ``title`` is a message id; ``find`` gives what breaks it.

    ``is_warning``: what breaks it is no fault of the books, but needs somebody's attention.
    """

    name: str
    title: str
    find: Callable[[], Iterable[Violation]]
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class EntryCheck:
    """A statement that must hold of each entry by itself; all of them are judged in one reading of
    the journal (`fundapp.audit.reading`).

    ``holds`` is given the columns of the entry and those of its postings; ``problem`` is what is
    wrong with an entry of which it does not hold (English).
    """

    name: str
    title: str
    holds: Callable[[Sequence[Any], Sequence[Any]], bool]
    problem: str
    is_warning: bool = False


def rows(sql: str, **values: Any) -> Iterator[Any]:
    """The rows of a statement that both databases understand."""
    return iter(db.session.execute(text(sql), values))


def violations(sql: str, problem: str, **values: Any) -> Iterator[Violation]:
    """One violation for each row: the first column names it, ``{0}``, ``{1}`` … are its columns."""
    for row in rows(sql, **values):
        yield Violation(str(row[0]), problem.format(*row))


def entry_violations(sql: str, problem: str, **values: Any) -> Iterator[Violation]:
    """The same for rows whose first column is the id of an entry."""
    for row in rows(sql, **values):
        yield Violation(entry_number(row[0]), problem.format(*row))
