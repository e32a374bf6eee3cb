"""Erasing words."""

from sqlalchemy import Select, select

from fundapp.access.actors import Actor, require
from fundapp.db import db, lock
from fundapp.errors import NotFoundError
from fundapp.ids import from_readable
from fundapp.markers import N_
from fundapp.remarks.erasers import BACKUPS, Erasure, eraser_of
from fundapp.remarks.errors import RemarkErasedError, UnknownRemarkError
from fundapp.remarks.models import ErasureReason, Remark
from fundapp.remarks.policy import may_erase
from fundapp.remarks.queries import ERASED, SUBJECT_TYPE, written_of
from fundapp.remarks.steps import erase_remark
from fundapp.trail.operations import record_event

_WORDS = N_("The words")
_STAYS = (
    N_("The code of the reason, the day, who wrote it and the digest of the words"),
    BACKUPS,
)


def plan_erasure(number: str, *, actor: Actor) -> Erasure:
    """What `erase_words` would erase, and what would stay; nothing is read or changed. Raises as it
    does.
    """
    require(may_erase(actor))
    number = _clean(number)
    eraser = eraser_of(number)
    if eraser is not None:
        return eraser.plan(number, actor=actor)
    remark = _checked(db.session.scalar(_remark_with(number)))
    return Erasure(written_of(remark), goes=((_WORDS, 1),), stays=_STAYS)


def erase_words(number: str, *, why: ErasureReason, actor: Actor) -> None:
    """Erase the words of the remark (RM…), the request (RQ…), the child (C-…) or the bank's line
    (BL…) with this number; when, by whom, why and the digests stay.

    Nobody reads the words for that. Raises ForbiddenError, UnknownRemarkError, RemarkErasedError,
    StillOpenError for a request on which somebody works, and LineWaitsError for a line that is
    still to be matched.
    """
    require(may_erase(actor))
    number = _clean(number)
    eraser = eraser_of(number)
    if eraser is not None:
        eraser.erase(number, why=why, actor=actor)
        return
    remark = _checked(lock(_remark_with(number)))
    erase_remark(remark, why=why, actor=actor)
    record_event(
        ERASED, actor=actor, subject_type=SUBJECT_TYPE, subject_ref=remark.number, note=str(why)
    )
    db.session.flush()


def show_erasure(number: str, *, actor: Actor) -> Erasure:
    """As `plan_erasure`, for a number in an address: NotFoundError when nothing has it."""
    require(may_erase(actor))
    try:
        return plan_erasure(number, actor=actor)
    except UnknownRemarkError:
        raise NotFoundError from None


def erase_shown_words(number: str, *, why: ErasureReason, actor: Actor) -> None:
    """As `erase_words`, for a number in an address: NotFoundError when nothing has it."""
    require(may_erase(actor))
    show_erasure(number, actor=actor)
    erase_words(number, why=why, actor=actor)


def _clean(number: str) -> str:
    return number.strip().upper()


def _remark_with(number: str) -> Select[Remark]:
    return select(Remark).where(Remark.id == (from_readable(number, "RM") or 0))


def _checked(remark: Remark | None) -> Remark:
    """The remark, when there is one whose words have not been erased."""
    if remark is None:
        raise UnknownRemarkError(field="number")
    if remark.erased_at is not None:
        raise RemarkErasedError(field="number")
    return remark
