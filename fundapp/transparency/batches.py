"""Mailing checkpoints to their holders when it is time."""

from fundapp.access.actors import Actor
from fundapp.db import unit_of_work
from fundapp.transparency.operations import mail_checkpoint
from fundapp.transparency.queries import occasions_to_mail


def mail_checkpoints(*, actor: Actor) -> int:
    """Put the newest checkpoint into the outbox for every occasion that is due; how many
    messages.
    """
    occasions = unit_of_work(occasions_to_mail)
    return sum(unit_of_work(mail_checkpoint, each, actor=actor) for each in occasions)
