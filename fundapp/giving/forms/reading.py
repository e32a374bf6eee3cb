"""Reads what people type: each reader returns a value or raises ``ValidationError`` with a
sentence.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, ValidationError
from wtforms.fields import Field

from fundapp.errors import DomainError
from fundapp.money import parse_baht
from fundapp.thai.calendar import be_year, parse_day
from fundapp.thai.digits import to_arabic
from fundapp.web.locale import locale_code, translated

LONGEST_NAME = 200
LONGEST_NOTE = 500
_LONGEST_EMAIL = 254
# ASCII, as the mail systems here take it: local part, "@", a domain with a dot (RFC 5321 in daily
# use).
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
# Beside control characters: what reorders the text around it, and line separators.
_TRICKY = re.compile("[\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def read_money(field: StringField) -> int:
    """Satang of an amount in baht."""
    return int(_said(parse_baht, field.data or ""))


def read_day(field: StringField) -> date:
    """A day in either era."""
    day: date = _said(parse_day, field.data or "")
    return day


def typed_day(day: date) -> str:
    """A day as people here would type it: in Thai with the B.E. year."""
    year = be_year(day.year) if locale_code() == "th" else day.year
    return f"{day.day}/{day.month}/{year}"


def read_line(text: str | None, longest: int) -> str:
    """One line of text: white space tidied, in composed form; control characters are refused."""
    given = (text or "").strip()
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in given) or _TRICKY.search(
        given
    ):
        raise ValidationError(_("This holds characters that cannot be shown. Type it again."))
    line = unicodedata.normalize("NFC", " ".join(given.split()))
    if len(line) > longest:
        raise ValidationError(_("This is too long. Use at most %(most)s characters.", most=longest))
    return line


def read_email(text: str | None) -> str | None:
    """An e-mail address in lower case, or None when nothing was typed."""
    address = (text or "").strip()
    if not address:
        return None
    local = address.partition("@")[0]
    is_dotted = local.startswith(".") or local.endswith(".") or ".." in local
    if len(address) > _LONGEST_EMAIL or is_dotted or _EMAIL.fullmatch(address) is None:
        raise ValidationError(_("This is not an e-mail address. Write it like name@example.org."))
    return address.lower()


def read_count(text: str | None, most: int) -> int | None:
    """A whole number from 1 to ``most``, or None when nothing was typed."""
    digits = to_arabic(text or "").strip()
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) < 9):
        raise ValidationError(_("Write a whole number with digits, for example 12."))
    if not 1 <= int(digits) <= most:
        raise ValidationError(_("Choose a number from 1 to %(most)s.", most=most))
    return int(digits)


def refuse(form: FlaskForm, error: DomainError) -> None:
    """Show a rule's sentence at the field it belongs to, or above the form."""
    field: Any = form[error.field] if error.field and error.field in form else None
    if field is None:
        form.form_errors.append(translated(error))
    else:
        field.errors = [*field.errors, translated(error)]


def _said(parse: Callable[[str], Any], text: str) -> Any:
    try:
        return parse(text)
    except ValueError as error:
        raise ValidationError(_(str(error))) from None


class ChoiceMixin(Field):
    """A choice whose refusal says what to do."""

    def pre_validate(self, form: Any) -> None:
        """Only what is offered can be chosen."""
        offered = {str(choice[0]) for choice in self.choices or ()}
        if str(self.data) not in offered:
            raise ValidationError(self.refusal(str(self.data)))

    def refusal(self, chosen: str) -> str:
        """The sentence for a choice that is not offered."""
        del chosen
        return str(_("Choose one of the possibilities shown."))


class Cards(ChoiceMixin, RadioField):
    """Large tap targets, of which one is chosen."""


class Dropdown(ChoiceMixin, SelectField):
    """A list, of which one is chosen."""
