"""Fields that read what was typed into a value, and those for boxes and files."""

import re
import unicodedata
from datetime import date
from typing import Any, ClassVar, Generic, TypeVar

from flask_babel import gettext
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    StringField,
)
from wtforms.validators import StopValidation
from wtforms.widgets import EmailInput, PasswordInput, TextArea

from fundapp.email_addresses import read_email
from fundapp.markers import N_
from fundapp.money import format_baht, parse_baht
from fundapp.thai.calendar import be_year, parse_day
from fundapp.thai.folding import fold_signs, without_hidden_signs
from fundapp.thai.names import has_letter
from fundapp.thai.phone_numbers import normalise_phone
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import locale_code

T = TypeVar("T")

_PHONE = re.compile(r"0[0-9]{8,9}|\+[0-9]{8,15}")

#: What a check box sends when it is not ticked, from any program.
UNTICKED = ("", "0", "false", "no", "off", "n")


class ReadField(StringField, Generic[T]):
    """A field whose text `read` turns into a value; `write` shows a value as people type it."""

    data: T | None

    def __init__(self, label: str, *, required: str | None = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.required = required
        if required is not None:
            self.flags.required = True

    def read(self, text: str) -> T:
        """The value of ``text``; ValueError with a sentence (a message id)."""
        raise NotImplementedError

    def write(self, value: T) -> str:
        """``value`` as people type it."""
        return str(value)

    @property
    def value(self) -> T:
        """The value of a required field; only after validation."""
        if self.data is None:
            raise ValueError("the form was not validated")
        return self.data

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; what cannot be read is told in a sentence."""
        self.data = None
        text = str(valuelist[0]) if valuelist else ""
        if not text.strip():
            return
        try:
            self.data = self.read(text)
        except ValueError as error:
            raise ValueError(gettext(str(error))) from error

    def pre_validate(self, _form: Any) -> None:
        """Stop at what could not be read, and at an empty field that is required."""
        if self.process_errors:
            raise StopValidation
        if self.required is not None and self.data is None:
            raise StopValidation(self.required)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)


class MoneyField(ReadField[int]):
    """An amount in baht; ``data`` is satang."""

    def __init__(self, label: str, *, allow_zero: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("required", _l("Enter an amount in baht, for example 500 or 1,000.50."))
        super().__init__(label, **kwargs)
        self.allow_zero = allow_zero

    def read(self, text: str) -> int:
        """Satang; a fraction of a satang, less than zero, and zero unless allowed are refused."""
        return parse_baht(text, allow_zero=self.allow_zero)

    def write(self, value: int) -> str:
        """``1,000.50``."""
        return format_baht(value)


class DayField(ReadField[date]):
    """A day, as people write it in either era."""

    def read(self, text: str) -> date:
        """The day; 2569 and 2026 are the same year."""
        return parse_day(text)

    def write(self, value: date) -> str:
        """``24/11/2569`` in Thai, ``24/11/2026`` otherwise."""
        year = be_year(value.year) if locale_code() == "th" else value.year
        return f"{value.day}/{value.month}/{year}"


class NumberField(ReadField[int]):
    """A whole number from 1 to ``most``, in any digits."""

    def __init__(self, label: str, *, most: int, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.most = most

    def read(self, text: str) -> int:
        """The number."""
        digits = fold_signs(text)
        if not (digits.isascii() and digits.isdigit()):
            raise ValueError(N_("Write a whole number with digits, for example 12."))
        # Its length first: Python converts no text of thousands of digits.
        if len(digits) > len(str(self.most)) or not 1 <= int(digits) <= self.most:
            raise ValueError(gettext("Choose a number from 1 to %(most)s.", most=self.most))
        return int(digits)


class EmailField(ReadField[str]):
    """An e-mail address, normalised and in lower case."""

    widget = EmailInput()

    def read(self, text: str) -> str:
        """The address."""
        return read_email(text)


class PasswordField(ReadField[str]):
    """A password exactly as it was typed; a page never shows it again."""

    widget = PasswordInput()

    def read(self, text: str) -> str:
        """The text itself."""
        return text


class TextField(ReadField[str]):
    """One line of text, as `clean_line` leaves it; ``data`` is the empty text when nothing was
    typed.
    """

    is_free_text = True
    data: str

    def __init__(self, label: str, *, longest: int = 200, **kwargs: Any) -> None:
        kwargs.setdefault("default", "")
        super().__init__(label, **kwargs)
        self.longest = longest
        self.flags.maxlength = longest

    def read(self, text: str) -> str:
        """The text without what no line of ours holds."""
        line = self.clean(text)
        if any(unicodedata.category(sign) in {"Cc", "Co"} for sign in line if sign != "\n"):
            raise ValueError(N_("This holds characters that cannot be shown. Type it again."))
        if len(line) > self.longest:
            raise ValueError(
                gettext("This is too long. Use at most %(most)s characters.", most=self.longest)
            )
        return line

    def clean(self, text: str) -> str:
        """``text`` in its kept form."""
        return clean_line(text)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the text; empty when nothing was typed, or it could not be read."""
        try:
            super().process_formdata(valuelist)
        finally:
            self.data = self.data or ""

    def pre_validate(self, form: Any) -> None:
        """Stop at what could not be read, and at an empty text that is required."""
        super().pre_validate(form)
        if self.required is not None and not self.data:
            raise StopValidation(self.required)


class NameField(TextField):
    """The name of a person or a body, as it was typed."""

    def read(self, text: str) -> str:
        """The name; one that nobody could read is refused."""
        name = super().read(text)
        if name and not has_letter(name):
            raise ValueError(N_("Write the name in letters, as it is on the paper."))
        return name


class PhoneField(TextField):
    """A telephone number; ``data`` is its digits, with + for one abroad."""

    def read(self, text: str) -> str:
        """The number as it is stored."""
        number = normalise_phone(super().read(text))
        if number and not _PHONE.fullmatch(number):
            raise ValueError(
                N_("Enter a telephone number with 9 or 10 digits, for example 081 234 5678.")
            )
        return number


class LongTextField(TextField):
    """Several lines of text."""

    widget = TextArea()

    def __init__(self, label: str, *, longest: int = 500, **kwargs: Any) -> None:
        super().__init__(label, longest=longest, **kwargs)

    def clean(self, text: str) -> str:
        """Each line cleaned, empty lines at the ends left out."""
        return "\n".join(clean_line(line) for line in text.splitlines()).strip("\n")


class CheckboxField(BooleanField):
    """A box to tick."""

    shape: ClassVar[str] = "checkbox"

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, false_values=UNTICKED, **kwargs)


class UploadField(FileField):
    """A file to send; ``most_bytes`` and one more are read at the most."""

    def __init__(
        self, label: str, *, most_bytes: int, required: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.required = required
        self.most_bytes = most_bytes
        if required is not None:
            self.flags.required = True

    def pre_validate(self, _form: Any) -> None:
        """A required file is there."""
        if self.required is not None and not self.data:
            raise StopValidation(self.required)

    def content(self) -> bytes | None:
        """The bytes of the file, or None when none was sent."""
        if not self.data:
            return None
        self.data.seek(0)
        content: bytes = self.data.read(self.most_bytes + 1)
        return content

    @property
    def file_name(self) -> str:
        """What the file was called, as the sender says."""
        return (self.data.filename or "") if self.data else ""


def clean_line(text: str | None) -> str:
    """One line, composed (NFC), without spaces at the ends or twice, or signs that nobody sees:
    with one, a name would read as another.
    """
    return " ".join(unicodedata.normalize("NFC", without_hidden_signs(text or "")).split())
