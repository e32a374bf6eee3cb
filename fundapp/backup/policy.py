"""Who may make, check and restore backups."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission


def may_back_up(actor: Actor) -> bool:
    """Whether the actor may make a backup, and check one."""
    return actor.can(Permission.BACKUP_MAKE)


def may_restore(actor: Actor) -> bool:
    """Whether the actor may fill an empty place from a backup."""
    return actor.can(Permission.BACKUP_RESTORE)
