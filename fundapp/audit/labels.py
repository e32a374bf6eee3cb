"""What the words of the books are called on pages."""

from flask_babel import gettext

from fundapp.disbursements.models import Decision
from fundapp.ledger.models import AccountType, EntryKind, Restriction
from fundapp.web.lazy import lazy as _l

KINDS: dict[EntryKind, str] = {
    EntryKind.OPENING: _l("Opening balance"),
    EntryKind.DONATION: _l("Donation"),
    EntryKind.ASSISTANCE_APPROVED: _l("Help approved"),
    EntryKind.ASSISTANCE_PAID: _l("Help paid"),
    EntryKind.BANK_FEE: _l("Bank fee"),
    EntryKind.BANK_INTEREST: _l("Bank interest"),
    EntryKind.TRANSFER: _l("Transfer"),
    EntryKind.REVERSAL: _l("Reversal"),
}

ACCOUNT_TYPES: dict[AccountType, str] = {
    AccountType.ASSET: _l("Assets"),
    AccountType.LIABILITY: _l("Liabilities"),
    AccountType.NET_ASSETS: _l("Net assets"),
    AccountType.INCOME: _l("Income"),
    AccountType.EXPENSE: _l("Expenses"),
}

RESTRICTIONS: dict[Restriction, str] = {
    Restriction.UNRESTRICTED: _l("Unrestricted"),
    Restriction.RESTRICTED: _l("Restricted"),
    Restriction.ZAKAT: _l("Zakat"),
}

DECISIONS: dict[Decision, str] = {
    Decision.APPROVE: _l("Approved"),
    Decision.RETURN: _l("Returned for change"),
    Decision.REJECT: _l("Rejected"),
}

#: Things that entries come from, as `journal_entries.source_type` names them.
SOURCES: dict[str, str] = {
    "payment": _l("Payment"),
    "disbursement_request": _l("Request for help"),
    "statement_line": _l("Line of a statement"),
}


def memo_text(memo: str) -> str:
    """A memo as it is shown: processes write message ids, people write their own words."""
    return gettext(memo) if memo else ""


#: What the trail of a payment or a request says, in words.
EVENTS: dict[str, str] = {
    "disbursements:request:submit": _l("Sent in"),
    "disbursements:request:resubmit": _l("Sent in again"),
    "disbursements:request:approve": _l("Approved"),
    "disbursements:request:return": _l("Returned for change"),
    "disbursements:request:reject": _l("Rejected"),
    "disbursements:request:cancel": _l("Cancelled"),
    "disbursements:request:pay": _l("Paid out"),
    "disbursements:request:prove": _l("Proof filed"),
    "disbursements:proof:open": _l("Signed proof opened"),
    "giving:payment:receive": _l("Payment recorded"),
    "giving:payment:reverse": _l("Payment reversed"),
}

#: Words that an event's note may be.
NOTES: dict[str, str] = {
    "received": _l("Received"),
    "not_received": _l("Not received"),
    "problem": _l("Received, with a problem"),
}


def event_text(action: str) -> str:
    """What an event of the trail is called; its code where it has no name."""
    return str(EVENTS.get(action, action))


def note_text(note: str) -> str:
    """The note of an event: one of our words, or what somebody wrote."""
    return str(NOTES.get(note, note))
