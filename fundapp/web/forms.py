"""The forms of every page: one base form, one field of each kind, one way to carry a form out.

A field reads what was typed into a value once: ``data`` is that value, None where nothing was typed
or it could not be read. ``required`` is the sentence for an empty field; without it the field may
be left empty. After `BaseForm.validate_on_submit`, ``value`` of a required field is never None.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, ClassVar, Generic, TypeVar, cast

from flask import flash, redirect
from flask_babel import gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import (
    BooleanField,
    Field,
    Form,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, EmailInput, ListWidget, PasswordInput, TextArea

from fundapp.db import unit_of_work
from fundapp.email_addresses import read_email
from fundapp.errors import DomainError, NotFoundError
from fundapp.ids import new_public_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_
from fundapp.money import format_baht, parse_baht
from fundapp.paging import int_key
from fundapp.thai.calendar import be_year, parse_day
from fundapp.thai.digits import to_arabic
from fundapp.web.errors import status_of
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import locale_code, translated

T = TypeVar("T")
E = TypeVar("E", bound=LabelledEnum)

Answer = Response | tuple[str, int]

#: What a check box sends when it is not ticked, from any program.
UNTICKED = ("", "0", "false", "no", "off", "n")
_LONGEST_FORM_ID = 64
#: Invisible signs that turn the direction of text (UAX 9): with one, a name reads as another.
_DIRECTION_SIGNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


# ------------------------------------------------------------------------------------------- forms


class BaseForm(FlaskForm):
    """A form that is sent: it carries an id of its own and the version of what its page showed.

    The id tells a second click from a second wish (``idempotency_key``); ``version`` is whatever
    the operation compares to notice that somebody changed the thing meanwhile.
    """

    form_id = HiddenField(default=new_public_id)
    version = HiddenField()

    #: The rule's error that `refuse` showed last.
    refusal: DomainError | None = None

    @property
    def version_number(self) -> int:
        """The version where it is a number; 0, which no row has, when it cannot be read."""
        return int_key(self.version.data) or 0

    def validate_form_id(self, field: HiddenField) -> None:
        """An id of our own making; another one is replaced, as if the page had just been opened."""
        key = field.data or ""
        if not (key.isascii() and key.isprintable() and 0 < len(key) <= _LONGEST_FORM_ID):
            field.data = new_public_id()

    def refuse(self, error: DomainError) -> None:
        """Show the refusal beside its field, or above the form when it names none of its fields."""
        self.refusal = error
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(translated(error))
        else:
            field.errors = [*field.errors, translated(error)]


class ButtonForm(BaseForm):
    """A form of one button."""


class FilterForm(Form):
    """The filter above a list. It comes in the address, so it carries no form token."""


def submit(
    form: BaseForm,
    work: Callable[[], T],
    *,
    done: Callable[[T], Answer],
    page: Callable[[], str],
    refused: Callable[[DomainError], str] | None = None,
    before: Callable[[], None] | None = None,
) -> Answer:
    """Carry out a form: ``done`` (usually 303) when ``work`` went through, else ``page`` with 422.

    ``work`` runs in one unit of work, perhaps more than once, so it passes ids and values;
    ``before`` runs once before it, when the form could be read (rate limits). A rule's refusal is
    shown on the form, which keeps what was typed. Refusals with another status (403, 409) have
    their own error page, unless ``refused`` makes one; unknown things are always 404.
    """
    if not form.validate_on_submit():
        return page(), 422
    if before is not None:
        before()
    try:
        result = unit_of_work(work)
    except NotFoundError:
        raise
    except DomainError as error:
        status = status_of(error)
        if refused is None and status != 422:
            raise
        form.refuse(error)
        return (page() if refused is None else refused(error)), status
    return done(result)


def redirect_with(message: str, url: str, category: str = "success") -> Response:
    """The answer after something was done: 303 to ``url``, where ``message`` is shown."""
    flash(message, category)
    return redirect(url, 303)


# ------------------------------------------------------------------------------------------ fields


class ReadField(StringField, Generic[T]):
    """A field whose text `read` turns into a value; `write` shows a value as people type it."""

    data: T | None

    def __init__(self, label: str, *, required: str | None = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.required = required
        if required:
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
        if self.required and self.data is None:
            raise StopValidation(self.required)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)


class MoneyField(ReadField[int]):
    """An amount in baht; ``data`` is satang."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        kwargs.setdefault("required", _l("Enter an amount in baht, for example 500 or 1,000.50."))
        super().__init__(label, **kwargs)

    def read(self, text: str) -> int:
        """Satang; a fraction of a satang, zero and less are refused."""
        return parse_baht(text)

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
        digits = to_arabic(text).strip()
        if not (digits.isascii() and digits.isdigit() and len(digits) < 9):
            raise ValueError(N_("Write a whole number with digits, for example 12."))
        if not 1 <= int(digits) <= self.most:
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

    data: str

    def __init__(self, label: str, *, longest: int = 200, **kwargs: Any) -> None:
        kwargs.setdefault("default", "")
        super().__init__(label, **kwargs)
        self.longest = longest
        self.flags.maxlength = longest

    def read(self, text: str) -> str:
        """The text without what no line of ours holds."""
        line = self.clean(text)
        if any(unicodedata.category(sign) in {"Cc", "Cs", "Co"} for sign in line if sign != "\n"):
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
        """Read the text; empty when nothing was typed."""
        super().process_formdata(valuelist)
        self.data = self.data or ""

    def pre_validate(self, form: Any) -> None:
        """Stop at what could not be read, and at an empty text that is required."""
        super().pre_validate(form)
        if self.required and not self.data:
            raise StopValidation(self.required)


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


class _ChoiceMixin(Generic[E]):
    """A choice: of an enumeration, or of ``choices`` that the view sets."""

    data: Any
    choices: Any
    flags: Any

    def __init__(
        self,
        label: str,
        enum: type[E] | None = None,
        *,
        blank: str | None = None,
        required: str | None = None,
        **kwargs: Any,
    ) -> None:
        if enum is not None:
            kwargs["choices"] = choices(enum, blank=blank)
        super().__init__(label, **kwargs)  # type: ignore[call-arg]
        self.enum = enum
        self.blank = blank
        self.required = required
        if required:
            self.flags.required = True

    @property
    def member(self) -> E | None:
        """The chosen member of the enumeration, or None."""
        enum = cast(type[E], self.enum)
        return next((member for member in enum if member.value == self.data), None)

    @property
    def value(self) -> E:
        """The chosen member of a required choice; only after validation."""
        member = self.member
        if member is None:
            raise ValueError("the form was not validated")
        return member

    def pre_validate(self, _form: Any) -> None:
        """Only what is offered can be chosen, and a required choice is made."""
        chosen = "" if self.data in (None, "None") else str(self.data)
        self.data = chosen
        if chosen in {str(choice.value) for choice in self.choices or ()} and (
            chosen or not self.required
        ):
            return
        if not chosen and not self.required:
            return
        raise StopValidation(self.refusal(chosen))

    def refusal(self, chosen: str) -> str:
        """The sentence for a choice that is missing or not offered."""
        if not chosen and self.required:
            return self.required
        return str(gettext("Choose one of the possibilities shown."))


class ChoiceField(_ChoiceMixin[E], SelectField):
    """A list, of which one is chosen."""


class RadioChoiceField(_ChoiceMixin[E], RadioField):
    """Radio buttons, of which one is chosen."""

    shape: ClassVar[str] = "radios"

    def __iter__(self) -> Iterator[Field]:
        """The buttons, each marked as required when the choice is."""
        for button in super().__iter__():
            button.flags.required = bool(self.required)
            yield button


class CheckboxesField(SelectMultipleField):
    """Check boxes, of which any number is ticked; ``data`` is a list of their values."""

    shape: ClassVar[str] = "checkboxes"
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, _form: Any) -> None:
        """Only what is offered can be chosen."""
        offered = {str(choice.value) for choice in self.choices or ()}
        if not offered.issuperset(self.data or ()):
            raise ValidationError(gettext("Choose one of the possibilities shown."))


class UploadField(FileField):
    """A file to send; ``most_bytes`` and one more are read at the most."""

    def __init__(
        self, label: str, *, required: str | None = None, most_bytes: int = -1, **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.required = required
        self.most_bytes = most_bytes
        if required:
            self.flags.required = True

    def pre_validate(self, _form: Any) -> None:
        """A required file is there."""
        if self.required and not self.data:
            raise StopValidation(self.required)

    def content(self) -> bytes | None:
        """The bytes of the file, or None when none was sent."""
        if not self.data:
            return None
        self.data.seek(0)
        content: bytes = self.data.read(self.most_bytes + 1 if self.most_bytes >= 0 else -1)
        return content

    @property
    def file_name(self) -> str:
        """What the file was called, as the sender says."""
        return (self.data.filename or "") if self.data else ""


# ----------------------------------------------------------------------------------------- helpers


def clean_line(text: str | None) -> str:
    """One line, composed (NFC), without spaces at the ends or twice, or signs that turn text."""
    return " ".join(unicodedata.normalize("NFC", text or "").translate(_DIRECTION_SIGNS).split())


def choices(
    options: type[LabelledEnum] | Mapping[Any, str] | Iterable[LabelledEnum],
    *,
    blank: str | None = None,
) -> list[SelectChoice]:
    """The options of a choice: members of an enumeration, or labels by value.

    ``blank`` is the text of an empty first option.
    """
    if isinstance(options, Mapping):
        pairs = [(str(value), label) for value, label in options.items()]
    else:
        pairs = [(str(member), _l(member.label)) for member in options]
    first = [SelectChoice("", blank)] if blank is not None else []
    return [*first, *(SelectChoice(value, label) for value, label in pairs)]
