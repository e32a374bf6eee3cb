"""Who may write findings and answer them. Pure."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission, Role

#: Who can be asked to answer.
OWNERS = (Role.ADMINISTRATOR, Role.APPROVER, Role.FUND_OFFICER)


def may_keep_findings(actor: Actor) -> bool:
    """Whether the actor may write, retest, reopen and release findings."""
    return actor.can(Permission.FINDING_KEEP)


def may_answer(actor: Actor) -> bool:
    """Whether the actor may answer findings of which they are the owner."""
    return actor.can(Permission.FINDING_ANSWER)
