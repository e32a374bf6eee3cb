"""Who may do what with which batch. Pure."""

from collections.abc import Collection

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.payouts.models import PayoutBatch, PayoutBatchResult


def may_make_batch(actor: Actor) -> bool:
    """Whether the actor may make batches: fund officers."""
    return actor.can_everywhere(Permission.DISBURSEMENT_PAY)


def may_release(actor: Actor, batch: PayoutBatch, before: Collection[int]) -> bool:
    """Whether the actor may release the batch: who neither made it, nor took its file, nor asked
    for or approved anything in it, as those ``before`` did.
    """
    return (
        actor.can_everywhere(Permission.DISBURSEMENT_RELEASE)
        and actor.user_id != batch.made_by_id
        and actor.user_id not in {file.taken_by_id for file in batch.files}
        and actor.user_id not in before
    )


def may_withdraw_batch(actor: Actor, batch: PayoutBatch, before: Collection[int]) -> bool:
    """Whether the actor may withdraw the batch before its file is taken: who may make one or
    release this one.
    """
    return may_make_batch(actor) or may_release(actor, batch, before)


def may_take_file(actor: Actor, batch: PayoutBatch, before: Collection[int]) -> bool:
    """Whether the actor may take the file to the bank, which pays: who did none of the steps
    before.
    """
    of_batch = {batch.made_by_id, *(release.released_by_id for release in batch.releases)}
    return (
        actor.can_everywhere(Permission.DISBURSEMENT_PAY)
        and actor.user_id not in of_batch
        and actor.user_id not in before
    )


def may_record(actor: Actor, result: PayoutBatchResult) -> bool:
    """Whether the actor may record what the bank said of a line: who told it."""
    return actor.user_id == result.told_by_id
