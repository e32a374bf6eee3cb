"""What the words of the books are called on pages."""

from flask_babel import gettext

from fundapp.disbursements.models import Decision
from fundapp.ledger.models import AccountType, EntryKind, Restriction
from fundapp.web.lazy import lazy as _l

KINDS: dict[EntryKind, str] = {
    EntryKind.OPENING: _l("Opening balance"),
    EntryKind.DONATION: _l("Donation"),
    EntryKind.REFUND: _l("Refund"),
    EntryKind.ASSISTANCE_APPROVED: _l("Help approved"),
    EntryKind.ASSISTANCE_CANCELLED: _l("Help cancelled"),
    EntryKind.ASSISTANCE_PAID: _l("Help paid"),
    EntryKind.BANK_FEE: _l("Bank fee"),
    EntryKind.BANK_INTEREST: _l("Bank interest"),
    EntryKind.TRANSFER: _l("Transfer"),
    EntryKind.ADJUSTMENT: _l("Adjustment"),
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
}


def memo_text(memo: str) -> str:
    """A memo as it is shown: processes write message ids, people write their own words."""
    return gettext(memo) if memo else ""
