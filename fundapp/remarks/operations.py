"""Erasing words."""

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db, lock
from fundapp.ids import from_readable
from fundapp.remarks.erasers import erase_words_of
from fundapp.remarks.errors import RemarkErasedError, UnknownRemarkError
from fundapp.remarks.models import ErasureReason, Remark
from fundapp.remarks.policy import may_erase
from fundapp.trail.operations import record_event


def erase_words(number: str, *, why: ErasureReason, actor: Actor) -> None:
    """Erase the words of the remark (RM…) or the request (RQ…) with this number; when, by whom, why
    and the digests stay.

    Nobody reads the words for that. Raises ForbiddenError, UnknownRemarkError, RemarkErasedError,
    and StillOpenError for a request on which somebody works.
    """
    require(may_erase(actor))
    if erase_words_of(number, why=why, actor=actor):
        return
    remark_id = from_readable(number, "RM")
    remark = lock(select(Remark).where(Remark.id == remark_id)) if remark_id is not None else None
    if remark is None:
        raise UnknownRemarkError(field="number")
    if remark.erased_at is not None:
        raise RemarkErasedError(field="number")
    remark.words_encrypted = None
    remark.erased_at, remark.erased_by, remark.erased_why = clock.now(), actor.ref, why
    record_event(
        "remarks:remark:erase",
        actor=actor,
        subject_type="remark",
        subject_ref=remark.number,
        note=str(why),
    )
    db.session.flush()
