"""What a statement is, whatever it is drawn on: columns with kinds, rows of cells, and of each
figure the entries behind it. Amounts are satang.

A figure of the books names its entries by a filter of the ledger (`Behind`): the page that the
filter opens adds up to the figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from fundapp.ledger.models import AccountType
from fundapp.ledger.queries import Sum, natural_sign

#: The types of accounts by the first digit of their codes.
_TYPES = dict(zip("12345", AccountType, strict=True))


class ColumnKind(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    CODE = "code"
    DAY = "day"
    FUND = "fund"
    ACCOUNT = "account"
    AMOUNT = "amount"


class ColumnPlace(StrEnum):
    """Where a column is drawn: everywhere, for people who read (screen, print, PDF), or in files
    for other programs (CSV, spreadsheet).
    """

    EVERYWHERE = "everywhere"
    READ = "read"
    FILES = "files"


class LineKind(StrEnum):
    """What a row is. Files for other programs hold lines only, so that nothing is added twice."""

    LINE = "line"
    HEADING = "heading"
    TOTAL = "total"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class StatementColumn:
    """A column; ``key`` is its name in files."""

    key: str
    label: str
    kind: ColumnKind = ColumnKind.TEXT
    place: ColumnPlace = ColumnPlace.EVERYWHERE
    #: Whether it is left out in rows that go on with the entry of the row before.
    once: bool = False
    #: Whether people see nothing where nothing stands, instead of a dash.
    blank_zero: bool = False
    #: What its label is short for.
    name: str = ""

    @property
    def is_amount(self) -> bool:
        """Whether its cells are figures."""
        return self.kind is ColumnKind.AMOUNT


@dataclass(frozen=True, slots=True)
class Behind:
    """Which postings make a figure: of the accounts whose codes begin so, of one fund or all, in
    some days, with or without the closing of fiscal years; and what of them is added up.
    """

    accounts: tuple[str, ...]
    sum: Sum
    fund_code: str | None
    from_on: date
    to_on: date
    with_year_ends: bool = True
    #: The page that lists a part of them: of a district, or of a campaign.
    page: "LinkedPage | None" = None

    @property
    def single_account(self) -> str | None:
        """The code of the account, if it is one."""
        return self.accounts[0] if len(self.accounts) == 1 and len(self.accounts[0]) == 4 else None

    @property
    def is_natural(self) -> bool:
        """Whether it is added up in the direction of its only account."""
        return self.single_account is not None and self.sum is natural_sum(self.accounts[0])


@dataclass(frozen=True, slots=True)
class LinkedPage:
    """A page of the application."""

    endpoint: str
    values: Mapping[str, str | int | None] = field(default_factory=dict)


Link = Behind | LinkedPage


@dataclass(frozen=True, slots=True)
class BookFigure:
    """An amount, and what opens when it is asked for; a computed one opens nothing."""

    satang: int
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class CellText:
    """A text, what stands small below it, the name of what it is a code of, and what it opens."""

    text: str
    note: str = ""
    name: str = ""
    link: Link | None = None


Cell = BookFigure | CellText | date | None


@dataclass(frozen=True, slots=True)
class BookRow:
    """A row: a cell for each column; of a heading or a text only the first counts."""

    cells: tuple[Cell, ...]
    kind: LineKind = LineKind.LINE
    #: Whether it is a further posting of the entry of the row before.
    goes_on: bool = False
    id: str = ""

    @property
    def name(self) -> str:
        """What the row is called: its last text before the first figure."""
        texts = []
        for cell in self.cells:
            if isinstance(cell, BookFigure):
                break
            if isinstance(cell, CellText) and cell.text:
                texts.append(cell.text)
        return texts[-1] if texts else ""


@dataclass(frozen=True, slots=True)
class Series:
    """Bars of one colour."""

    name: str
    values: Sequence[int]
    tone: str = "a"


@dataclass(frozen=True, slots=True)
class BarChart:
    """A chart beside the statement; its numbers stand below it as a table."""

    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    label_heading: str


@dataclass(frozen=True, slots=True)
class BookStatement:
    """A statement in one language. ``when`` says of which days it is, ``whose`` of which fund;
    ``next_key`` is where its next page begins.
    """

    name: str
    title: str
    when: str
    whose: str
    columns: tuple[StatementColumn, ...]
    rows: tuple[BookRow, ...]
    notes: tuple[str, ...] = ()
    summary: tuple[tuple[str, BookFigure], ...] = ()
    chart: BarChart | None = None
    next_key: str | None = None

    @property
    def read_columns(self) -> list[tuple[int, StatementColumn]]:
        """The columns that people read, with their places among the cells."""
        return [
            place for place in enumerate(self.columns) if place[1].place is not ColumnPlace.FILES
        ]

    @property
    def file_columns(self) -> list[tuple[int, StatementColumn]]:
        """The columns of files for other programs, with their places among the cells."""
        return [
            place for place in enumerate(self.columns) if place[1].place is not ColumnPlace.READ
        ]

    @property
    def is_empty(self) -> bool:
        """Whether it has no line."""
        return all(row.kind is not LineKind.LINE for row in self.rows)


def natural_sum(code: str) -> Sum:
    """The direction of an account: debits less credits for assets and expenses."""
    return Sum.DEBIT if natural_sign(_TYPES[code[0]]) == 1 else Sum.CREDIT


def heading(text: str, columns: int, id_: str = "") -> BookRow:
    """A row that says what the rows below it are."""
    return BookRow((CellText(text), *[None] * (columns - 1)), LineKind.HEADING, id=id_)


def paragraph(text: str, columns: int) -> BookRow:
    """A row of words across all columns."""
    return BookRow((CellText(text), *[None] * (columns - 1)), LineKind.TEXT)
