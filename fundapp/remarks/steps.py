"""Writing a remark and erasing it: steps of the operations whose reason or note it is."""

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.db import db
from fundapp.ids import new_id
from fundapp.remarks.encryption import encrypt_words
from fundapp.remarks.models import ErasureReason, ReasonCode, Remark, RemarkKind


def erase_remark(remark: Remark, *, why: ErasureReason, actor: Actor) -> None:
    """Take the words away; when, by whom and why stays, and the digest."""
    remark.words_encrypted = None
    remark.erased_at, remark.erased_by, remark.erased_why = clock.now(), actor.ref, why


def write_remark(
    words: str | Remark,
    *,
    kind: RemarkKind,
    subject_type: str,
    subject_ref: str,
    code: ReasonCode = ReasonCode.OTHER,
    about_child: bool = False,
    actor: Actor,
) -> Remark:
    """The remark that holds the words, in the caller's unit of work. A remark that an operation
    hands on to another one is the same remark.
    """
    if isinstance(words, Remark):
        return words
    remark_id = new_id()
    encrypted, digest = encrypt_words(words, remark_id)
    remark = Remark(
        id=remark_id,
        kind=kind,
        code=code,
        subject_type=subject_type,
        subject_ref=subject_ref,
        words_encrypted=encrypted,
        digest=digest,
        about_child=about_child,
        written_by=actor.ref,
        written_at=clock.now(),
    )
    db.session.add(remark)
    return remark
