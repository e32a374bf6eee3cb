"""Who may change what about bank accounts and statements. Pure."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission


def may_see_deposits(actor: Actor) -> bool:
    """Whether the actor is shown what the bank wrote on money in: whoever reads statements, or the
    entries that they lead to.
    """
    return actor.can_any(Permission.STATEMENT_READ, Permission.JOURNAL_READ)


def may_see_withdrawals(actor: Actor) -> bool:
    """Whether the actor is shown what the bank wrote on money out, which may name a payee: those
    whose work needs payees, as with requests for help.
    """
    return actor.can_any(
        Permission.DISBURSEMENT_REQUEST,
        Permission.DISBURSEMENT_DECIDE,
        Permission.DISBURSEMENT_PAY,
    )


def may_propose_banking(actor: Actor) -> bool:
    """Whether the actor may propose another bank account, PromptPay id or style of statements."""
    return actor.can(Permission.HOUSE_PROPOSE)


def may_freeze_account(actor: Actor) -> bool:
    """Whether the actor may stop a bank account at once: whoever may propose, alone, as it makes
    things only safer.
    """
    return actor.can(Permission.HOUSE_PROPOSE)


def may_open_bank_account(actor: Actor) -> bool:
    """Whether the actor may add a bank account of the fund, and change what pays into it: two
    people together, or a command that sets the installation up.
    """
    return actor.can(Permission.BANK_ACCOUNT_OPEN)


def may_import_statements(actor: Actor) -> bool:
    """Whether the actor may import statement files, or check them in a dry run."""
    return actor.can(Permission.STATEMENT_IMPORT)


def may_save_profiles(actor: Actor) -> bool:
    """Whether the actor may enter and change styles of statement files: two people together."""
    return actor.can(Permission.STATEMENT_PROFILE_SAVE)


def may_release_lines(actor: Actor) -> bool:
    """Whether the actor may let the line of a payment wait again: whoever may reverse payments."""
    return actor.can_any(Permission.PAYMENT_RECORD, Permission.STATEMENT_MATCH)


def may_match_lines(actor: Actor) -> bool:
    """Whether the actor may match lines of statements, book them, and put them aside."""
    return actor.can(Permission.STATEMENT_MATCH)
