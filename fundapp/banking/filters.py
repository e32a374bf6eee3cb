"""Template filters of banking: stored sentences in the reader's language."""

from collections.abc import Mapping
from datetime import date

from flask import Flask
from flask_babel import gettext

from fundapp.banking.sentences import Sentence, Value
from fundapp.money import format_baht
from fundapp.web.filters import day


def sentence_text(sentence: Sentence) -> str:
    """A sentence in the language in use, with days and amounts as people write them."""
    values = {name: _value_text(name, value) for name, value in sentence.values.items()}
    return str(gettext(sentence.text, **values))


def error_text(text: str, values: Mapping[str, object]) -> str:
    """A sentence about a file in the language in use, with days as people write them."""
    shown = {
        name: day(value) if isinstance(value, date) else value for name, value in values.items()
    }
    return str(gettext(text, **shown))


def init_app(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters.update(sentence_text=sentence_text, error_text=error_text)


def _value_text(name: str, value: Value) -> str:
    if name.endswith("_on"):
        return day(date.fromisoformat(str(value)))
    return format_baht(int(value)) if name.endswith("_satang") else str(value)
