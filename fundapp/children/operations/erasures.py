"""Erasing what the trail keeps of a child's file as it was, and why it is of this child; once the
file is closed or its consent has ended, everything that people wrote about the child.
"""

from collections import Counter

from sqlalchemy import Select, select
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.child_words import ChildWords, words_of
from fundapp.children.codes import parse_code
from fundapp.children.models import Child, ChildStatus
from fundapp.children.policy import may_show_identity
from fundapp.children.queries.erasures import written_of
from fundapp.children.steps import record_child_event
from fundapp.db import Base, db, lock
from fundapp.markers import N_
from fundapp.remarks.erasers import BACKUPS, Erasure
from fundapp.remarks.errors import NothingCorrectedError, RemarkErasedError
from fundapp.remarks.models import ErasureReason, Remark
from fundapp.remarks.policy import may_erase
from fundapp.remarks.queries import list_remarks
from fundapp.remarks.steps import erase_remark

_Words = tuple[ChildWords, list[Base]]

#: What stays.
FILE = N_("What the file says today, its code, who corrected it when, and the digests")
IN_USE = N_(
    "Notes, visits, referrals and other words of casework, as long as the file is open and its "
    "consent counts"
)
PAPERS = N_("Signed consents and photographs of visits, which are encrypted")
REQUESTS = N_("Words of requests for help, which are erased by the number of the request")


def plan_erasure(number: str, *, actor: Actor) -> Erasure:
    """What `erase_child_words` would erase of the child with this code, and what would stay.

    Nothing is decrypted. Raises as it does.
    """
    require(may_erase(actor))
    child, left, words = _checked(db.session.scalar(_child_with(number)))
    kinds = Counter(remark.kind.label for remark in left)
    goes = [*kinds.items(), *((kind.label, len(rows)) for kind, rows in words)]
    stays = (FILE, *([PAPERS, REQUESTS] if _is_over(child) else [IN_USE]), BACKUPS)
    return Erasure(written_of(child), goes=tuple(goes), stays=stays)


def erase_child_words(number: str, *, why: ErasureReason, actor: Actor) -> None:
    """Erase what the file of the child with this code said before and after its corrections, and
    why it was said to be of this child or another; who wrote it, when, and the digests stay. Once
    the file is closed or no consent to keep it counts, what was written in casework, in hand-overs,
    in referrals and in closed concerns that name the child goes as well. Nobody reads the words for
    that.

    Raises ForbiddenError, NothingCorrectedError, and RemarkErasedError when nothing is left.
    """
    require(may_erase(actor))
    child, left, words = _checked(lock(_child_with(number)))
    for remark in left:
        erase_remark(remark, why=why, actor=actor)
    for kind, rows in words:
        for row in rows:
            kind.erase(row, actor)
    record_child_event("children:child:erase-words", child, actor, str(why))
    db.session.flush()


def _child_with(number: str) -> Select[Child]:
    alone = (lazyload(Child.guardian), lazyload(Child.district))
    return select(Child).where(Child.code == parse_code(number)).options(*alone)


def _is_over(child: Child) -> bool:
    """Whether the fund has no use for the words of casework any more."""
    return child.status is ChildStatus.CLOSED or not may_show_identity(child, clock.today())


def _checked(child: Child | None) -> tuple[Child, list[Remark], list[_Words]]:
    """The child, the remarks whose words have not been erased, and the other words that go: at
    least one of them.
    """
    remarks = list_remarks("child", [child.public_id]) if child is not None else []
    words = list(words_of(child)) if child is not None and _is_over(child) else []
    if child is None or not (remarks or words):
        raise NothingCorrectedError(field="number")
    left = [remark for remark in remarks if remark.erased_at is None]
    if not left and not words:
        raise RemarkErasedError(field="number")
    return child, left, words
