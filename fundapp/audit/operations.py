"""Noting how far the books were proved."""

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.audit.marks import proof_of
from fundapp.audit.models import CheckMark
from fundapp.audit.policy import may_mark
from fundapp.audit.reading import Stretch
from fundapp.db import db, insert_if_new


def set_mark(proved: Stretch, *, actor: Actor) -> None:
    """Note that every check held up to the end of ``proved``; once. Raises ForbiddenError.

    It changes nothing that anybody reads in the books, so it leaves no trail.
    """
    require(may_mark(actor))
    if db.session.get(CheckMark, proved.entry_id) is not None:
        return
    insert_if_new(
        CheckMark,
        entry_id=proved.entry_id,
        entry_count=proved.entry_count,
        leaves_sha256=proved.leaves_sha256,
        proof=proof_of(proved),
        marked_at=clock.now(),
    )
