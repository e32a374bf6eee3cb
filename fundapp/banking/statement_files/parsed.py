"""What parsing a statement file gives: the statement, or everything that is wrong with the file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time

#: More errors than this are not collected: the file is wrong as a whole.
MOST_ERRORS = 50


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """One movement of a statement, in satang; exactly one of its two sides is above zero."""

    #: Row of the file as a spreadsheet counts it, from 1.
    row_number: int
    booked_on: date
    booked_time: time | None
    description: str
    detail: str
    channel: str
    withdrawal_satang: int
    deposit_satang: int
    #: Balance after this movement; may be negative.
    balance_satang: int


@dataclass(frozen=True, slots=True)
class ParsedStatement:
    """A statement whose rows add up: opening balance + deposits − withdrawals = closing balance."""

    #: Digits only; None when the style of file does not carry it.
    account_number: str | None
    opening_satang: int
    closing_satang: int
    #: First and last day the statement covers, both inside it.
    from_on: date
    to_on: date
    lines: tuple[ParsedLine, ...]


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A file as it was read: its name, the SHA-256 of its bytes, its style and its statement."""

    name: str
    sha256: bytes
    profile_name: str
    parsed: ParsedStatement


@dataclass(frozen=True, slots=True)
class StatementError:
    """One thing wrong with a file: where, what, and what to do.

    ``problem`` and ``remedy`` are untranslated sentences with ``%(name)s`` placeholders filled by
    ``params``; ``column`` is the heading as the bank writes it; ``code`` names the kind for
    programs.
    """

    row: int | None
    column: str | None
    problem: str
    remedy: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def problem_text(self) -> str:
        """What is wrong, in English, filled in."""
        return self.problem % self.params if self.params else self.problem

    @property
    def remedy_text(self) -> str:
        """What to do, in English, filled in."""
        return self.remedy % self.params if self.params else self.remedy


class StatementRejected(Exception):  # noqa: N818 - a verdict on a file, not a fault of the program
    """The file cannot be imported as it is, and nothing has been changed.

    ``errors`` says why: at least one and at most 50, in the order of the file's rows. It is no
    `DomainError`, which is one sentence: pages and commands show it as a table.
    """

    def __init__(self, errors: Iterable[StatementError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: error.row or 0))[:MOST_ERRORS]
        super().__init__("; ".join(error.problem_text for error in self.errors))


class Problems:
    """Collects the errors of a file while it is parsed, so that a person sees all of them."""

    def __init__(self) -> None:
        self._errors: list[StatementError] = []

    def add(
        self,
        code: str,
        problem: str,
        remedy: str,
        *,
        row: int | None = None,
        column: str | None = None,
        **params: object,
    ) -> None:
        """Record one error; the fiftieth rejects the file at once."""
        self._errors.append(StatementError(row, column, problem, remedy, code, params))
        if len(self._errors) >= MOST_ERRORS:
            raise StatementRejected(self._errors)

    def reject_if_any(self) -> None:
        """Raise `StatementRejected` when an error has been recorded."""
        if self._errors:
            raise StatementRejected(self._errors)


def rejected(
    code: str, problem: str, remedy: str, *, row: int | None = None, **params: object
) -> StatementRejected:
    """A rejection for one error after which parsing cannot go on."""
    return StatementRejected([StatementError(row, None, problem, remedy, code, params)])
