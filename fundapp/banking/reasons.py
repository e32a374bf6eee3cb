"""Reasons in words: sentences that are stored with their values and said in the reader's language.

A sentence is a message id and its values. A value whose name ends in ``_on`` is a day (ISO), one
that ends in ``_satang`` an amount; `fundapp.banking.words.say` writes both as people do. A match
keeps its sentences as JSON, so an auditor reads in Thai what an officer saw in Malay, and raw SQL
shows them too.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from fundapp.markers import N_

Value = str | int


@dataclass(frozen=True, slots=True)
class Sentence:
    """An untranslated sentence with ``%(name)s`` placeholders, and the values for them."""

    text: str
    values: dict[str, Value] = field(default_factory=dict)


def sentence(text: str, **values: Value | date) -> Sentence:
    """A sentence; days become ISO text."""
    plain = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }
    return Sentence(text, plain)


def pack(sentences: Sequence[Sentence]) -> str:
    """The sentences as they are stored."""
    return json.dumps([[one.text, one.values] for one in sentences], ensure_ascii=False)


def unpack(stored: str) -> list[Sentence]:
    """The sentences of a match; text that is no JSON is a sentence as it stands."""
    try:
        return [Sentence(text, values) for text, values in json.loads(stored)]
    except (ValueError, TypeError):
        return [Sentence(stored)]


REFERENCE = N_("The text names reference %(reference)s.")
REFERENCE_ONE_OF = N_("The text names reference %(reference)s, but it names others too.")
EXACT = N_("The amount is exactly what is still to come.")
SHORT = N_("It is %(short_satang)s baht less than what is still to come.")
OVER = N_(
    "It is %(over_satang)s baht more than is still to come: "
    "the rest goes to the next instalments, or is a further gift."
)
FURTHER = N_(
    "This instalment is paid already: the money goes to the next one, or is a further gift."
)
COMPLETED = N_("The pledge is fulfilled already, so this is a further gift.")
PAUSED = N_("The pledge is paused; money that names it still counts.")
CANCELLED = N_("The pledge was cancelled before this money came; money that names it still counts.")
LATE = N_("Late: it was due on %(due_on)s.")
NEAR = N_("Same amount, due within a week: on %(due_on)s.")
WIDE = N_("Same amount, due within a month: on %(due_on)s.")
SAME_AMOUNT = N_("Same amount, due on %(due_on)s.")
PAYER = N_("The text names the payer.")
HISTORY = N_("The same payer gave before, last on %(given_on)s.")
RECORDED = N_("An officer recorded this amount already, on %(received_on)s.")
VOUCHER = N_("The text names voucher %(voucher)s.")
BANK_REFERENCE = N_("The text holds the bank's reference that was written on the payout.")
PAID_OUT = N_("Same amount, paid out on %(paid_on)s.")
CASH_MOVED = N_("The books have this amount on its way to or from the cash box on %(moved_on)s.")
OWN_CASH = N_("The fund's own cash, paid in or drawn.")
FEE = N_("The bank's own fee or tax.")
INTEREST = N_("Interest that the bank pays.")
CHOSEN = N_("Chosen by hand.")
NEW_GIFT = N_("Recorded as a gift that nobody had promised.")
