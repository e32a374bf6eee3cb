"""What parsing a statement file gives: the statement, or everything that is wrong with the file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time

from fundapp.banking.statement_files.account_numbers import is_same_number


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
    #: The entry that it is a part of, in a message of a bank; else 0.
    entry_number: int = 0


@dataclass(frozen=True, slots=True)
class ParsedStatement:
    """A statement whose rows add up: opening balance + deposits − withdrawals = closing balance."""

    #: Digits, with "x" for each that the bank does not show; None when the style of file does not
    #: carry it.
    account_number: str | None
    opening_satang: int
    closing_satang: int
    #: First and last day the statement covers, both inside it.
    from_on: date
    to_on: date
    #: Oldest first.
    lines: tuple[ParsedLine, ...]
    #: Whether the opening balance may be that of the day before ``from_on``, of which the file then
    #: knows that nothing was booked.
    may_begin_before: bool = False

    def may_be_of(self, account_digits: str) -> bool:
        """Whether the file can be of the account with this number, as far as it shows its own."""
        return self.account_number is None or is_same_number(self.account_number, account_digits)


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
    #: In how many further rows the same is wrong.
    more_rows: int = 0

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

    ``errors`` says why: at least one, in the order of the file's rows. It is no `DomainError`,
    which is one sentence: pages and commands show it as a table.
    """

    def __init__(self, errors: Iterable[StatementError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: error.row or 0))
        super().__init__("; ".join(error.problem_text for error in self.errors))


class Problems:
    """Collects what is wrong with a file while it is parsed: each kind in each column once, with
    the number of further rows in which it is wrong.
    """

    def __init__(self) -> None:
        self._errors: dict[tuple[str, str | None], StatementError] = {}

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
        """Record one error."""
        known = self._errors.get((code, column))
        self._errors[code, column] = (
            replace(known, more_rows=known.more_rows + 1)
            if known
            else StatementError(row, column, problem, remedy, code, params)
        )

    @property
    def has_any(self) -> bool:
        """Whether an error has been recorded."""
        return bool(self._errors)

    def rejection(self) -> StatementRejected:
        """What has been recorded, to be raised."""
        return StatementRejected(self._errors.values())

    def reject_if_any(self) -> None:
        """Raise `StatementRejected` when an error has been recorded."""
        if self.has_any:
            raise self.rejection()


def rejected(
    code: str, problem: str, remedy: str, *, row: int | None = None, **params: object
) -> StatementRejected:
    """A rejection for one error after which parsing cannot go on."""
    return StatementRejected([StatementError(row, None, problem, remedy, code, params)])
