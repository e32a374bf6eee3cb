"""Form fields of this package: an amount for each of several children."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, StringField
from wtforms.validators import ValidationError

from fundapp.children.codes import parse_code
from fundapp.children.files import ChildName
from fundapp.disbursements.drafts import LineDraft
from fundapp.money import MoneyError, format_baht, parse_baht


@dataclass(slots=True)
class ChildRow:
    """A child on offer, with what was typed beside its name."""

    child: ChildName
    is_ticked: bool
    amount_text: str
    error: str = ""

    @property
    def public_id(self) -> str:
        """The child's public id."""
        return self.child.child.public_id


class LinesField(Field):
    """A checkbox and an amount for each child on offer.

    The checkboxes carry the field's name, the amounts ``amount-<public id>``. ``data`` is a list of
    `LineDraft` once the field is valid; `offer` says which children are on the page.
    """

    rows: list[ChildRow]
    ticked: list[str]
    amounts: dict[str, str]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read checkboxes and amounts; ``data`` are the lines of a request that is changed."""
        lines: Iterable[LineDraft] = data if isinstance(data, list) else ()
        self.process_errors: list[str] = []
        self.data: list[LineDraft] = []
        self.rows = []
        self.ticked = [line.child_id for line in lines]
        self.amounts = {line.child_id: format_baht(line.amount_satang) for line in lines}
        if formdata:
            self.ticked = list(dict.fromkeys(formdata.getlist(self.name)))
            self.amounts = {
                name.removeprefix("amount-"): formdata[name].strip()
                for name in formdata
                if name.startswith("amount-") and formdata[name].strip()
            }

    def tick(self, child_id: str) -> None:
        """Choose a child beforehand; the amount is still to be typed."""
        self.ticked.append(child_id)

    @property
    def touched(self) -> list[str]:
        """Public ids of the children beside whom something was typed or ticked."""
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
        self.data = [line for row in self.rows if (line := _read(row)) is not None]
        errors = [f"{row.child.code}: {row.error}" for row in self.rows if row.error]
        if errors:
            raise ValidationError(" ".join(errors))


def _read(row: ChildRow) -> LineDraft | None:
    if not row.is_ticked:
        if row.amount_text:
            row.error = _("Tick the child as well, or clear the amount.")
        return None
    try:
        return LineDraft(row.public_id, parse_baht(row.amount_text))
    except MoneyError as error:
        row.error = _(str(error))
        return None


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A child's code and an amount, typed as one line of text."""

    code: str
    amount_satang: int


class CodeLinesField(StringField):
    """Lines of text, each a child's code and an amount; ``lines`` holds them once it is valid."""

    lines: list[CodeLine]

    def pre_validate(self, _form: Any) -> None:
        """Read every line."""
        texts = [line.strip() for line in str(self.data or "").splitlines()]
        self.lines = [_read_line(number, text) for number, text in enumerate(texts, 1) if text]


def _read_line(number: int, text: str) -> CodeLine:
    typed, _space, amount = text.rpartition(" ")
    code = parse_code(typed)
    if code is None:
        raise ValidationError(
            _("Line %(number)s: write the child's code, a space and the amount.", number=number)
        )
    try:
        return CodeLine(code, parse_baht(amount))
    except MoneyError as error:
        raise ValidationError(f"{code}: {_(str(error))}") from error
