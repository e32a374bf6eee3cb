"""Erasing what the trail keeps of a child's file as it was, and why it is of this child."""

from collections import Counter

from sqlalchemy import Select, select
from sqlalchemy.orm import lazyload

from fundapp.access.actors import Actor, require
from fundapp.children.codes import parse_code
from fundapp.children.models import Child
from fundapp.children.queries.erasures import written_of
from fundapp.children.steps import record_child_event
from fundapp.db import db, lock
from fundapp.markers import N_
from fundapp.remarks.erasers import BACKUPS, Erasure
from fundapp.remarks.errors import NothingCorrectedError, RemarkErasedError
from fundapp.remarks.models import ErasureReason, Remark
from fundapp.remarks.policy import may_erase
from fundapp.remarks.queries import list_remarks
from fundapp.remarks.steps import erase_remark

#: What stays.
FILE = N_("What the file says today, its code, who corrected it when, and the digests")


def plan_erasure(number: str, *, actor: Actor) -> Erasure:
    """What `erase_child_words` would erase of the child with this code, and what would stay.

    Nothing is decrypted. Raises as it does.
    """
    require(may_erase(actor))
    child, left = _checked(db.session.scalar(_child_with(number)))
    kinds = Counter(remark.kind.label for remark in left)
    return Erasure(written_of(child), goes=tuple(kinds.items()), stays=(FILE, BACKUPS))


def erase_child_words(number: str, *, why: ErasureReason, actor: Actor) -> None:
    """Erase what the file of the child with this code said before and after its corrections, and
    why it was said to be of this child or another; who wrote it, when, and the digests stay. Nobody
    reads the words for that.

    Raises ForbiddenError, NothingCorrectedError, and RemarkErasedError when nothing is left.
    """
    require(may_erase(actor))
    child, left = _checked(lock(_child_with(number)))
    for remark in left:
        erase_remark(remark, why=why, actor=actor)
    record_child_event("children:child:erase-words", child, actor, str(why))
    db.session.flush()


def _child_with(number: str) -> Select[Child]:
    alone = (lazyload(Child.guardian), lazyload(Child.district))
    return select(Child).where(Child.code == parse_code(number)).options(*alone)


def _checked(child: Child | None) -> tuple[Child, list[Remark]]:
    """The child, and the remarks whose words have not been erased: at least one."""
    remarks = list_remarks("child", [child.public_id]) if child is not None else []
    if child is None or not remarks:
        raise NothingCorrectedError(field="number")
    left = [remark for remark in remarks if remark.erased_at is None]
    if not left:
        raise RemarkErasedError(field="number")
    return child, left
