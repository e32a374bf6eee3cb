"""Who may store documents. Pure."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission


def may_store(actor: Actor) -> bool:
    """Whether the actor may store a document: those who file papers of children, of payouts and of
    grants, and those who propose what two people decide.
    """
    return actor.can_any(
        Permission.CHILD_REGISTER,
        Permission.DISBURSEMENT_PROVE,
        Permission.GRANT_KEEP,
        Permission.HOUSE_PROPOSE,
    )


def may_check(actor: Actor) -> bool:
    """Whether the actor may open stored files to note whether they are intact."""
    return actor.can(Permission.DOCUMENT_CHECK)


def may_reencrypt(actor: Actor) -> bool:
    """Whether the actor may encrypt the stored files again with the newest key."""
    return actor.can(Permission.KEY_ROTATE)
