"""Who may change the books. Pure."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.ledger.models import EntryKind

#: Any one of these lets an actor post an entry of the kind.
_POSTING: dict[EntryKind, tuple[Permission, ...]] = {
    EntryKind.OPENING: (Permission.OLDER_BOOKS_IMPORT,),
    EntryKind.DONATION: (
        Permission.PAYMENT_RECORD,
        Permission.STATEMENT_MATCH,
        Permission.OLDER_BOOKS_IMPORT,
        # What two people keep of a gift when the rest is given back.
        Permission.REFUND_ORDER,
    ),
    EntryKind.GIFT_REFUNDED: (Permission.REFUND_ORDER,),
    EntryKind.REFUND_PAID: (Permission.REFUND_PAY,),
    EntryKind.ASSISTANCE_APPROVED: (
        Permission.DISBURSEMENT_DECIDE,
        Permission.OLDER_BOOKS_IMPORT,
    ),
    EntryKind.ASSISTANCE_PAID: (Permission.DISBURSEMENT_PAY, Permission.OLDER_BOOKS_IMPORT),
    EntryKind.ASSISTANCE_RETURNED: (Permission.DISBURSEMENT_PAY,),
    EntryKind.BANK_FEE: (Permission.STATEMENT_MATCH, Permission.CARD_PAYMENT_BOOK),
    EntryKind.BANK_INTEREST: (Permission.STATEMENT_MATCH,),
    EntryKind.TRANSFER: (Permission.STATEMENT_MATCH, Permission.FUND_TRANSFER),
    EntryKind.SUSPENSE: (Permission.STATEMENT_MATCH,),
    EntryKind.CARD_PAYOUT: (Permission.STATEMENT_MATCH,),
    EntryKind.ADVANCE: (Permission.ADVANCE_BOOK,),
    EntryKind.GIFT_RETURNED: (Permission.PAYMENT_RECORD, Permission.STATEMENT_MATCH),
    EntryKind.GIFT_TAKEN: (Permission.PAYMENT_RECORD, Permission.STATEMENT_MATCH),
    EntryKind.YEAR_END: (Permission.PERIOD_CLOSE,),
    EntryKind.REVERSAL: (
        Permission.PAYMENT_RECORD,
        Permission.STATEMENT_MATCH,
        Permission.DISBURSEMENT_CANCEL,
    ),
}


def may_post(actor: Actor, kind: EntryKind) -> bool:
    """Whether the actor may post an entry of this kind."""
    return actor.can_any(*_POSTING[kind])


def may_open_fund(actor: Actor) -> bool:
    """Whether the actor may open, change and close funds: two people together, or a command that
    sets the installation up.
    """
    return actor.can(Permission.FUND_OPEN)


def may_propose_books(actor: Actor) -> bool:
    """Whether the actor may propose what two people change of funds and months."""
    return actor.can(Permission.HOUSE_PROPOSE)


def may_freeze_fund(actor: Actor) -> bool:
    """Whether the actor may stop a fund at once: whoever may propose, alone, as it makes things
    only safer.
    """
    return actor.can(Permission.HOUSE_PROPOSE)


def may_close_period(actor: Actor) -> bool:
    """Whether the actor may close months of the books and open them again: two people together, or
    a command that sets the installation up.
    """
    return actor.can(Permission.PERIOD_CLOSE)


def may_fold_balances(actor: Actor) -> bool:
    """Whether the actor may fold waiting deltas into the balance rows."""
    return actor.can(Permission.BALANCE_FOLD)


def may_rebuild_threads(actor: Actor) -> bool:
    """Whether the actor may make the cache of the thread anew from the journal."""
    return actor.can(Permission.BALANCE_FOLD)


def may_seal(actor: Actor) -> bool:
    """Whether the actor may seal entries in the log and sign checkpoints."""
    return actor.can(Permission.LOG_SEAL)
