"""What templates of banking call: stored sentences in the reader's language, and the text of a
line as far as the reader may see it (`BankTextReader`).
"""

from collections.abc import Mapping
from datetime import date

from flask import Flask
from flask_babel import gettext

from fundapp.access.current import current_actor
from fundapp.banking.models import StatedLine, StatementLine
from fundapp.banking.reader import BankTextReader, ShownText
from fundapp.banking.sentences import Sentence, Value
from fundapp.money import format_baht
from fundapp.web.filters import day, label, moment_day


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


def bank_text(line: StatementLine, stated: StatedLine | None = None) -> ShownText:
    """What the bank wrote on the line, or what one file says of it, as the reader may see it."""
    return BankTextReader(current_actor()).show(line, stated)


def shows_text(line: StatementLine) -> bool:
    """Whether the reader is shown what the bank wrote on the line, or when it was erased."""
    return BankTextReader(current_actor()).may_show(line)


def line_title(line: StatementLine) -> str:
    """What the bank wrote first on a line, where the reader may see it, or what is left of it."""
    return title_of(bank_text(line))


def title_of(shown: ShownText) -> str:
    """The same of a text that `bank_text` has given already."""
    if shown.is_hidden:
        return gettext("Text hidden: it may name a payee")
    if shown.erased_at is not None and shown.erased_why is not None:
        on, why = moment_day(shown.erased_at), label(shown.erased_why)
        return gettext("Words erased on %(day)s: %(why)s", day=on, why=why)
    return shown.description or gettext("No text")


def init_app(app: Flask) -> None:
    """Register the filters and functions."""
    app.jinja_env.filters.update(sentence_text=sentence_text, error_text=error_text)
    app.jinja_env.filters.update(line_title=line_title, bank_text=bank_text, title_of=title_of)
    app.jinja_env.globals.update(shows_text=shows_text)


def _value_text(name: str, value: Value) -> str:
    if name.endswith("_on"):
        return day(date.fromisoformat(str(value)))
    return format_baht(int(value)) if name.endswith("_satang") else str(value)
