"""Reading what was imported of older books, and the months that take more of it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import bindparam, select

from fundapp.db import db
from fundapp.giving.drafts import OlderPledge
from fundapp.giving.models import Payment, Pledge
from fundapp.giving.older_gifts import GiftContent, gift_key
from fundapp.ledger.models import JournalEntry, Period, PeriodStatus

#: How many keys are looked up in one statement.
_KEYS_AT_ONCE = 1000
#: What was imported under some keys, found by the entries: an entry keeps its key when the payment
#: is reversed.
_IMPORTED = (
    select(
        JournalEntry.idempotency_key,
        Pledge.fund_code,
        Payment.method,
        Payment.amount_satang,
        Payment.received_on,
    )
    .join(Payment, Payment.journal_entry_id == JournalEntry.id)
    .join(Pledge, Pledge.id == Payment.pledge_id)
    .where(JournalEntry.idempotency_key.in_(bindparam("keys", expanding=True)))
)
_OPEN_MONTHS = select(Period.starts_on).where(Period.status == PeriodStatus.OPEN)


def imported_gifts(pledges: Sequence[OlderPledge]) -> dict[str, GiftContent]:
    """What was imported before under the keys of these gifts."""
    keys = [gift_key(gift) for pledge in pledges for gift in pledge.gifts]
    connection = db.session.connection()
    return {
        key: (fund_code, method, satang, received_on)
        for start in range(0, len(keys), _KEYS_AT_ONCE)
        for key, fund_code, method, satang, received_on in connection.execute(
            _IMPORTED, {"keys": keys[start : start + _KEYS_AT_ONCE]}
        )
    }


def list_open_months() -> set[date]:
    """The first days of the months whose books are open."""
    return set(db.session.scalars(_OPEN_MONTHS))
