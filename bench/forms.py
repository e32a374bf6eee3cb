"""The filters that a page offers: its forms of search, and what can be chosen in each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser

#: Fields that take a day; the last part of a range of days, and the first.
DAYS, FROM, TO = ("as_of", "day"), "from_on", "to_on"
SEARCHED = "มา"


@dataclass
class Form:
    """A form of search: fields with what they hold at first, and the choices of those that have
    some.
    """

    method: str
    action: str
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)

    def fillings(self, today: date) -> Iterator[dict[str, str]]:
        """The form filled in: each choice by itself, days within a month, a word to search for."""
        for name, choices in self.choices.items():
            for choice in choices:
                if choice != self.values.get(name):
                    yield {**self.values, name: choice}
        middle = (today.replace(day=1) - timedelta(days=150)).replace(day=15)
        for name in self.texts:
            if name in DAYS:
                yield {**self.values, name: _written(middle)}
            elif name not in (FROM, TO):
                yield {**self.values, name: SEARCHED}
        if FROM in self.texts and TO in self.texts:
            for first in (middle, middle - timedelta(days=365)):
                yield {**self.values, FROM: _written(first), TO: _written(middle)}


def _written(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


class PageReader(HTMLParser):
    """Reads a page's links, and its forms of search."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link, a form or a field."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        elif tag == "form" and given.get("role") == "search":
            self._form = Form(given.get("method", "get"), given.get("action", ""))
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(self._form, tag, given)

    def _field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "select":
            self._select = name
            form.choices[name] = []
        elif tag == "option":
            form.choices[self._select].append(value)
            if "selected" in given:
                form.values[self._select] = value
        elif tag == "input" and given.get("type") in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(value)
            if "checked" in given:
                form.values[name] = value
        elif tag == "input" and name:
            form.values[name] = value
            if given.get("type") in ("text", "search", "date"):
                form.texts.append(name)

    def handle_endtag(self, tag: str) -> None:
        """A form ends."""
        if tag == "form":
            self._form = None
