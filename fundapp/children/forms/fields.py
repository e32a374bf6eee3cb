"""Fields of the forms of children: days in either era, names, choices with plain sentences."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from fundapp.thai.digits import to_arabic
from fundapp.web.fields import clean_text, options
from fundapp.web.lazy import lazy as _l

_PHONE = re.compile(r"0[0-9]{8,9}|\+[0-9]{8,15}")
_PHONE_MARKS = re.compile(r"[\s().\-\u2010-\u2015]+")


def text_field(label: str, required: str | None = None, *, longest: int = 100) -> StringField:
    """A line of text; ``required`` is the sentence for an empty one."""
    return StringField(label, _text_rules(required, longest), filters=[clean_text])


def name_field(label: str, required: str | None = None) -> StringField:
    """A person's name: letters, no digits."""
    return StringField(label, [*_text_rules(required, 100), _looks_like_name], filters=[clean_text])


def _text_rules(required: str | None, longest: int) -> list[Any]:
    rules = [Length(max=longest, message=_l("This is too long. Shorten it.")), _no_controls]
    return [DataRequired(required), *rules] if required else rules


def _no_controls(_form: Any, field: StringField) -> None:
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Co"} for letter in field.data or ""):
        raise ValidationError(gettext("This holds signs that cannot be kept. Type it again."))


def _looks_like_name(_form: Any, field: StringField) -> None:
    text = field.data or ""
    if text and (any(letter.isdigit() for letter in text) or not any(map(str.isalpha, text))):
        raise ValidationError(gettext("Write the name in letters, as it stands on the paper."))


def choice_field(label: str, labels: Mapping[Any, str], *, blank: str | None = None) -> SelectField:
    """A choice out of an enumeration; ``blank`` is the text of an empty first option."""
    return SelectField(
        label,
        choices=options(labels, blank=blank),
        validators=[InputRequired(_l("Choose one from the list."))],
        invalid_choice_message=_l("Choose one from the list."),
    )


def grouped_options(
    groups: Mapping[str, Sequence[tuple[str, str]]], *, blank: str
) -> list[SelectChoice]:
    """Options under headings; the empty one stands first, under none."""
    grouped = [
        SelectChoice(value, label, optgroup=group)
        for group, rows in groups.items()
        for value, label in rows
    ]
    return [SelectChoice("", blank), *grouped]


def read_phone(text: str) -> str:
    """A telephone number as it is stored: digits, with + for one abroad. Raises ValidationError."""
    plain = _PHONE_MARKS.sub("", to_arabic(text))
    if plain and not _PHONE.fullmatch(plain):
        raise ValidationError(
            gettext("Enter a telephone number with 9 or 10 digits, for example 081 234 5678.")
        )
    return plain
