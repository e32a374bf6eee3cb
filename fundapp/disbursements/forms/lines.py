"""The fields of a request's children: amounts beside children to tick, or typed as text by code."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import Field
from wtforms.validators import ValidationError
from wtforms.widgets import TextArea

from fundapp.children.codes import parse_code
from fundapp.children.files import ChildName
from fundapp.disbursements.drafts import CodeLineDraft, LineDraft
from fundapp.markers import N_
from fundapp.money import MoneyError, format_baht, parse_baht
from fundapp.spreadsheets.cells import Cell, CellKind, amount_of, is_blank, text_of
from fundapp.spreadsheets.errors import SpreadsheetRefusedError
from fundapp.spreadsheets.reading import Sheet, read_sheet
from fundapp.thai.folding import fold_signs
from fundapp.web.forms import ReadField
from fundapp.web.locale import translated

_AMOUNT = "amount-"
#: A code as it may be typed: "C - 7K3M9QX".
_MOST_CODE_WORDS = 3
#: Errors of a list that are told one by one.
_MOST_TOLD = 50


@dataclass(slots=True)
class ChildRow:
    """A child to tick, with what was typed beside its name."""

    child: ChildName
    is_ticked: bool
    amount_text: str
    error: str = ""

    @property
    def public_id(self) -> str:
        """The child's public id."""
        return self.child.child.public_id


class LinesField(Field):
    """A check box and an amount for each child to tick.

    The check boxes have the field's name, the amounts ``amount-<public id>``. ``data`` is a list of
    `LineDraft` once the field is valid; `offer` says which children are on the page.
    """

    rows: list[ChildRow]
    ticked: list[str]
    amounts: dict[str, str]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read check boxes and amounts; ``data`` are the lines of a request that is changed."""
        lines: Iterable[LineDraft] = data if isinstance(data, list) else ()
        self.process_errors: list[str] = []
        self.data: list[LineDraft] = []
        self.rows = []
        self.ticked = [line.child_id for line in lines]
        self.amounts = {line.child_id: format_baht(line.amount_satang) for line in lines}
        if formdata:
            self.ticked = list(dict.fromkeys(formdata.getlist(self.name)))
            self.amounts = {
                name.removeprefix(_AMOUNT): formdata[name].strip()
                for name in formdata
                if name.startswith(_AMOUNT) and formdata[name].strip()
            }

    def tick(self, child_id: str) -> None:
        """Tick a child beforehand; the amount is still to be typed."""
        self.ticked.append(child_id)

    @property
    def touched(self) -> list[str]:
        """Public ids of the children that were ticked or have an amount."""
        return list(dict.fromkeys([*self.ticked, *self.amounts]))

    def offer(self, children: Iterable[ChildName]) -> None:
        """Put these children on the page."""
        self.rows = [
            ChildRow(
                child,
                child.child.public_id in self.ticked,
                self.amounts.get(child.child.public_id, ""),
            )
            for child in children
        ]

    def pre_validate(self, _form: Any) -> None:
        """Read every amount; the rows carry their own errors."""
        self.data = [line for row in self.rows if (line := _read_row(row)) is not None]
        errors = [f"{row.child.code}: {row.error}" for row in self.rows if row.error]
        if errors:
            raise ValidationError(" ".join(errors))


class CodeLinesField(ReadField[list[CodeLineDraft]]):
    """Lines of text, each a child's code and an amount."""

    widget = TextArea()

    def read(self, text: str) -> list[CodeLineDraft]:
        """The lines; empty ones are left out."""
        lines = enumerate((line.strip() for line in text.splitlines()), 1)
        found, errors = list[CodeLineDraft](), list[str]()
        for number, line in lines:
            try:
                found += [_read_line(number, line)] if line else []
            except ValueError as error:
                errors.append(str(error))
        if errors:
            raise ValueError(shortened(errors))
        return found

    @property
    def count(self) -> int:
        """How many lines there are, read or not."""
        return sum(1 for line in self._value().splitlines() if line.strip())

    def add(self, lines: Iterable[CodeLineDraft]) -> int:
        """Put more lines below those that were typed, each child once, and say how many."""
        text = self._value().strip()
        known = {_code_and_rest(line.strip())[0] for line in text.splitlines()}
        more = [
            f"{line.code} {format_baht(line.amount_satang)}"
            for line in lines
            if line.code not in known
        ]
        self.raw_data = ["\n".join([text, *more] if text else more)]
        return len(more)


def shortened(errors: Sequence[str]) -> str:
    """All errors of a list as one text; of very many the first, and how many more there are."""
    text = " ".join(errors[:_MOST_TOLD])
    more = len(errors) - _MOST_TOLD
    return text if more <= 0 else f"{text} " + ngettext("+ %(num)s more.", "+ %(num)s more.", more)


def lines_of_upload(
    content: bytes, each_satang: int | None, *, field: str
) -> tuple[list[CodeLineDraft], list[str]]:
    """As `lines_of_sheet`, of a file that was sent in; a file that is refused is what is wrong."""
    try:
        sheet = read_sheet(content, field=field)
    except SpreadsheetRefusedError as error:
        return [], [translated(error)]
    return lines_of_sheet(sheet, each_satang)


def lines_of_sheet(sheet: Sheet, each_satang: int | None) -> tuple[list[CodeLineDraft], list[str]]:
    """The lines of a spreadsheet whose first column holds codes of children and whose second holds
    amounts, where it has one, else ``each_satang``; and what is wrong in which row. The first row
    may be headings.
    """
    lines, errors, known = list[CodeLineDraft](), list[str](), set[str]()
    first = tuple(Cell(CellKind.TEXT, heading) for heading in sheet.headings)
    has_headings = parse_code(first[0].text) is None
    rows = [] if has_headings else [(1, first)]
    for number, cells in [*rows, *((row.number, row.cells) for row in sheet.rows)]:
        try:
            line = _line_of_cells(cells, each_satang)
        except ValueError as error:
            told = _("Row %(number)s: %(error)s", number=number, error=_(str(error)))
            errors.append(told)
            continue
        if line.code in known:
            told = _("The child %(code)s is in the list twice.", code=line.code)
            errors.append(_("Row %(number)s: %(error)s", number=number, error=told))
        known.add(line.code)
        lines.append(line)
    return lines, errors


def _line_of_cells(cells: Sequence[Cell], each_satang: int | None) -> CodeLineDraft:
    code = parse_code(text_of(cells[0]))
    if code is None:
        raise ValueError(N_("the first column holds no code of a child, for example C-7K3M9QX."))
    if len(cells) > 1 and not is_blank(cells[1]):
        return CodeLineDraft(code, amount_of(cells[1]))
    if each_satang is None:
        raise ValueError(N_("there is no amount in the second column, and none for each child."))
    return CodeLineDraft(code, each_satang)


def _read_row(row: ChildRow) -> LineDraft | None:
    if not row.is_ticked:
        if row.amount_text:
            row.error = _("Tick the child as well, or clear the amount.")
        return None
    try:
        return LineDraft(row.public_id, parse_baht(row.amount_text))
    except MoneyError as error:
        row.error = _(str(error))
        return None


def _read_line(number: int, text: str) -> CodeLineDraft:
    code, amount_text = _code_and_rest(text)
    if code is None:
        raise ValueError(
            _("Line %(number)s: write the child's code, a space and the amount.", number=number)
        )
    try:
        return CodeLineDraft(code, parse_baht(amount_text))
    except MoneyError as error:
        raise ValueError(f"{code}: {_(str(error))}") from error


def _code_and_rest(text: str) -> tuple[str | None, str]:
    """The code that a line begins with, and what follows it; (None, "") when it has none."""
    words = fold_signs(text).split(" ")
    for count in range(1, min(len(words), _MOST_CODE_WORDS + 1)):
        code = parse_code(" ".join(words[:count]))
        if code is not None:
            return code, " ".join(words[count:])
    return None, ""
