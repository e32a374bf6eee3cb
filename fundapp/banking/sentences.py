"""Untranslated sentences kept together with their values.

A value whose name ends in ``_on`` is a day (ISO), one that ends in ``_satang`` an amount;
`fundapp.banking.filters.sentence_text` writes both in the reader's language. A match keeps its
sentences as JSON, so an auditor reads in Thai what an officer saw in Malay, and raw SQL shows them
too.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

Value = str | int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message id with ``%(name)s`` placeholders, and the values for them."""

    text: str
    values: dict[str, Value] = field(default_factory=dict)


def sentence(text: str, **values: Value | date) -> Sentence:
    """A sentence; days become ISO text."""
    plain = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }
    return Sentence(text, plain)


def to_json(sentences: Sequence[Sentence]) -> str:
    """The sentences as a match keeps them."""
    return json.dumps([[each.text, each.values] for each in sentences], ensure_ascii=False)


def from_json(stored: str) -> list[Sentence]:
    """The sentences of a match; text that is not JSON is one sentence without values."""
    try:
        return [Sentence(text, values) for text, values in json.loads(stored)]
    except (ValueError, TypeError):
        return [Sentence(stored)]
