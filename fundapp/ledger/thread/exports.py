"""The thread of an entry for other programs."""

from typing import Any

from fundapp.ledger.drafts import entry_number
from fundapp.ledger.thread.queries import EntryThread, name_entries
from fundapp.money import format_baht


def thread_document(thread: EntryThread) -> dict[str, Any]:
    """An entry in one fund; the parts and what is open add up to the amount. A part of the entry
    itself is a cost that it carries, such as the fee of a card.
    """
    entry = thread.entry
    named = name_entries(other for other, _satang in thread.parts)
    own = [(entry, thread.own_satang)] if thread.own_satang else []
    parts = own + [(named[other], satang) for other, satang in thread.parts]
    return {
        "entry": entry.number,
        "fund": thread.fund_code,
        "amount_satang": thread.amount_satang,
        "parts": [
            {"entry": entry_number(part.id), "kind": part.kind.value, "amount_satang": satang}
            for part, satang in parts
        ],
        "open_satang": thread.open_satang,
    }


def thread_text(document: dict[str, Any]) -> str:
    """The same to be read, in baht."""
    head = f"{document['entry']}  {document['fund']}  {format_baht(document['amount_satang'])}"
    parts = [
        f"  {part['entry']}  {part['kind']:<20} {format_baht(part['amount_satang']):>16}"
        for part in document["parts"]
    ]
    return "\n".join([head, *parts, f"  {'open':<36} {format_baht(document['open_satang']):>16}"])
