"""Names for people of what entries come from, and of what the trail records."""

from flask_babel import gettext

from fundapp.disbursements.models import ReceiptOutcome
from fundapp.giving.models import ReturnReason
from fundapp.web.lazy import lazy as _l

#: Things that entries come from, as `journal_entries.source_type` names them.
SOURCES: dict[str, str] = {
    "payment": _l("Payment"),
    "disbursement_request": _l("Request for help"),
    "statement_line": _l("Line of a statement"),
    "deposit_slip": _l("Deposit slip"),
    "own_transfer": _l("Transfer between own accounts"),
}


#: What the trail of a payment or a request says, in words.
EVENTS: dict[str, str] = {
    "disbursements:request:submit": _l("Sent in"),
    "disbursements:request:resubmit": _l("Sent in again"),
    "disbursements:request:approve": _l("Approved"),
    "disbursements:request:return": _l("Returned for changes"),
    "disbursements:request:reject": _l("Rejected"),
    "disbursements:request:cancel": _l("Cancelled"),
    "disbursements:request:pay": _l("Paid out"),
    "disbursements:request:prove": _l("Proof of receipt filed"),
    "disbursements:proof:open": _l("Signed proof of receipt opened"),
    "disbursements:proof:restore": _l("Lost proof of receipt sent and stored again"),
    "giving:payment:receive": _l("Payment recorded"),
    "giving:payment:reverse": _l("Payment reversed"),
    "giving:payment:return": _l("Payment returned by the bank"),
}

#: Notes that are values of ours; other notes are what somebody wrote.
NOTES: dict[str, str] = {value: value.label for value in (*ReceiptOutcome, *ReturnReason)}


def event_text(action: str) -> str:
    """What an event of the trail is called; its code where it has no name."""
    return str(EVENTS.get(action, action))


def note_text(note: str) -> str:
    """The note of an event: one of our words, or what somebody wrote."""
    return gettext(NOTES[note]) if note in NOTES else note
