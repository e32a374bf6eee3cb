"""Decrypting words that concern no child; those that do are read by the `Reader` of children.

`words_to_compare` and `find_faults` decrypt too, and show nothing to anybody.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from fundapp.access.actors import Actor, require
from fundapp.crypto import KeyringError, keyring
from fundapp.db import db
from fundapp.remarks.encryption import digest_of, field_of, words_in
from fundapp.remarks.models import ErasureReason, ReasonCode, Remark, RemarkKind
from fundapp.remarks.policy import may_read
from fundapp.remarks.queries import find_remarks, list_remarks


@dataclass(frozen=True, slots=True)
class ShownWords:
    """What a page shows of a remark: its code and number, and the words where the viewer may read
    them; ``erased_at`` and ``erased_why`` say when and why there are none any more.
    """

    code: ReasonCode
    number: str
    words: str = field(default="", repr=False)
    erased_at: datetime | None = None
    erased_why: ErasureReason | None = None

    @classmethod
    def of(cls, remark: Remark, words: str = "") -> "ShownWords":
        """The remark with these words."""
        return cls(remark.code, remark.number, words, remark.erased_at, remark.erased_why)


class WordsReader:
    """Reads words that concern no child, for one actor."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    def show(self, remark: Remark) -> ShownWords:
        """What the actor may see of it: the words of a kind that the actor may read."""
        is_hidden = remark.about_child or not may_read(self._actor, remark.kind)
        if is_hidden or remark.words_encrypted is None:
            return ShownWords.of(remark)
        return ShownWords.of(remark, words_in(_decrypted(remark)))

    def by_digest(self, digests: Iterable[bytes | None]) -> dict[bytes, ShownWords]:
        """What the actor may see of the remarks with these digests, in one query."""
        return {key: self.show(remark) for key, remark in find_remarks(digests).items()}

    def of_subjects(
        self, subject_type: str, subject_refs: Iterable[str], kind: RemarkKind
    ) -> dict[str, ShownWords]:
        """Of each thing the newest remark of this kind, in one query. Raises ForbiddenError."""
        require(may_read(self._actor, kind))
        remarks = list_remarks(subject_type, subject_refs, kind)
        return {remark.subject_ref: self.show(remark) for remark in remarks}


def words_to_compare(
    subject_type: str, subject_refs: Iterable[str], kind: RemarkKind
) -> dict[str, str]:
    """The newest words of this kind on each thing, to compare texts with: shown to nobody."""
    return {
        remark.subject_ref: words_in(_decrypted(remark))
        for remark in list_remarks(subject_type, subject_refs, kind)
        if remark.words_encrypted is not None and not remark.about_child
    }


def find_faults() -> Iterator[tuple[str, str]]:
    """Each remark whose words cannot be decrypted, or are not those of its digest."""
    kept = select(Remark).where(Remark.words_encrypted.is_not(None)).order_by(Remark.id)
    # Closed also when the caller wants to know of the first one only.
    with closing(db.session.scalars(kept.execution_options(yield_per=500))) as remarks:
        for remark in remarks:
            problem = _problem_of(remark)
            if problem:
                yield remark.number, problem


def _problem_of(remark: Remark) -> str:
    try:
        is_same = digest_of(_decrypted(remark)) == remark.digest
    except (KeyringError, ValueError):
        return "cannot be decrypted"
    return "" if is_same else "says something else than its digest"


def _decrypted(remark: Remark) -> str:
    return keyring().decrypt(remark.words_encrypted or b"", field_of(remark.id)).rstrip("\0")
