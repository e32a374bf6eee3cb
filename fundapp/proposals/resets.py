"""Whether two people may be one, because the sign-in of one or both was reset a short while ago.

Whoever prints a sheet may be the one who used it: so for some days the two are not two people to a
proposal, and those whose sign-ins the same administrator reset on paper are not two people to a
request for help.
"""

from datetime import timedelta

from sqlalchemy import select

from fundapp import clock
from fundapp.access.permissions import Process
from fundapp.db import db
from fundapp.trail.models import AuditEvent

#: For so long a reset counts: long enough for the owner, who is told by mail, and for others to
#: ask.
RESET_COUNTS = timedelta(days=7)
#: The events about whoever is reset, and invited again before a password was chosen. The note of
#: these is how the secret got there, that of the second sheet what the sheet is for.
RESET = "identity:user:reset"
INVITED_AGAIN = "identity:user:invite-again"
RESETS = (RESET, INVITED_AGAIN)
SECOND_SHEET = "identity:user:second-sheet"
_PRINTED = {(RESET, "paper"), (INVITED_AGAIN, "paper"), (SECOND_SHEET, "reset")}


def may_be_one_person(one: str, other: str) -> bool:
    """Whether a reset speaks against counting the two people (public ids) as two."""
    return has_reset_between(one, other) or were_reset_together(one, other)


def has_reset_between(one: str, other: str) -> bool:
    """Whether one of the two people (public ids) has reset the other's sign-in in any way, or the
    command line has printed the sign-in of one of them: whoever runs the server may be the other.
    """
    makers = _makers(one, other)
    by_command = any(Process.COMMAND_LINE.value in printed for _any, printed in makers.values())
    return by_command or other in makers[one][0] or one in makers[other][0]


def were_reset_together(one: str, *others: str) -> bool:
    """Whether the same administrator printed a sheet of a reset for the one person and for one of
    the others (public ids). What the command line printed is not refused: it turns the check
    ``disbursements.command-resets`` yellow.
    """
    makers = _makers(one, *others)
    printers = makers[one][1] - {Process.COMMAND_LINE.value}
    return any(printers & makers[other][1] for other in others)


def _makers(*refs: str) -> dict[str, tuple[set[str], set[str]]]:
    """Of each person: who reset the sign-in, and who of them on paper."""
    found: dict[str, tuple[set[str], set[str]]] = {ref: (set(), set()) for ref in refs}
    event = AuditEvent
    events = select(event.subject_ref, event.actor, event.action, event.note).where(
        AuditEvent.action.in_((*RESETS, SECOND_SHEET)),
        AuditEvent.subject_type == "user",
        AuditEvent.subject_ref.in_(refs),
        AuditEvent.at > clock.now() - RESET_COUNTS,
    )
    for ref, actor, action, note in db.session.execute(events):
        anyhow, on_paper = found[ref]
        if action in RESETS:
            anyhow.add(actor)
        if (action, note) in _PRINTED:
            anyhow.add(actor)
            on_paper.add(actor)
    return found
