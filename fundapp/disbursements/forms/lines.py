"""The fields of a request's children: amounts beside children to tick, or typed as text by code."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import ValidationError
from wtforms.widgets import TextArea

from fundapp.children.codes import parse_code
from fundapp.children.files import ChildName
from fundapp.disbursements.drafts import CodeLineDraft, LineDraft
from fundapp.money import MoneyError, format_baht, parse_baht
from fundapp.thai.folding import fold_signs
from fundapp.web.forms import ReadField

_AMOUNT = "amount-"
#: A code as it may be typed: "C - 7K3M9QX".
_MOST_CODE_WORDS = 3


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
        return [_read_line(number, line) for number, line in lines if line]


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
