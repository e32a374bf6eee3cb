"""Form fields that several packages use: days in either era, choices, clean lines of text."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext
from wtforms import StringField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation

from fundapp.thai.calendar import be_year, parse_day
from fundapp.web.locale import locale_code


class DayField(StringField):
    """A day, as people write it in either era; ``data`` is a date, or None when nothing was
    entered.
    """

    data: date | None

    @property
    def day(self) -> date:
        """The day of a field that must have one; only after `validate`."""
        if self.data is None:
            raise ValueError("the form was not validated")
        return self.data

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        year = be_year(self.data.year) if locale_code() == "th" else self.data.year
        return f"{self.data.day}/{self.data.month}/{year}"

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the day; what cannot be read is told in a sentence."""
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            self.data = parse_day(valuelist[0])
        except ValueError as error:
            raise ValueError(gettext(str(error))) from error


class DayRequired:
    """A day must be entered; one that cannot be read keeps the sentence that says why."""

    field_flags: ClassVar = {"required": True}

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        """Stop at a field without a day."""
        if field.data is None:
            raise StopValidation(None if field.errors else self.message)


#: Unseen signs that turn the direction of text (UAX 9): with one, a name reads as another.
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def clean_text(text: str | None) -> str:
    """One line, composed (NFC), without spaces at the ends or twice, or signs that turn text."""
    return " ".join(unicodedata.normalize("NFC", text or "").translate(_TURNS).split())


def options(labels: Mapping[Any, str], *, blank: str | None = None) -> list[SelectChoice]:
    """The options of a choice."""
    first = [SelectChoice("", blank)] if blank is not None else []
    return [*first, *(SelectChoice(str(value), label) for value, label in labels.items())]
