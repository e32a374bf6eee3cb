"""Who may make, print and follow up letters. Pure."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission


def may_keep_letters(actor: Actor) -> bool:
    """Whether the actor may make letters and record answers: auditors."""
    return actor.can(Permission.LETTER_KEEP)


def may_read_letters(actor: Actor) -> bool:
    """Whether the actor may see and print letters: auditors, and the office, which prints those to
    payees, because no auditor is shown a payee's name.
    """
    return actor.can(Permission.LETTER_READ)


def may_send_letters(actor: Actor) -> bool:
    """Whether the actor may note that a letter went out: whoever may print it."""
    return actor.can(Permission.LETTER_SEND)


def may_answer_letter(actor: Actor) -> bool:
    """Whether the actor may answer a letter whose key is known: everybody, signed in or not."""
    return actor.can(Permission.PLEDGE_CHANGE)
