"""Decrypting hand-overs for a `Reader` of children, which records the read."""

from dataclasses import dataclass, field

from fundapp import clock
from fundapp.children.handovers import queries
from fundapp.children.handovers.models import ChildHandover
from fundapp.children.models import Child
from fundapp.children.policy import may_show_identity
from fundapp.children.reader import Reader


@dataclass(frozen=True, slots=True)
class ShownHandover:
    """A hand-over with what the next one should know, where that may be shown."""

    handover: ChildHandover
    is_shown: bool
    words: str = field(repr=False, default="")


def read_handovers_of(child: Child, reader: Reader) -> tuple[ShownHandover, ...]:
    """The hand-overs of a child, oldest first. After the consent has ended, only the note of one
    that waits is shown: the care for the child goes on, and whoever takes it over reads it once.
    """
    is_shown = may_show_identity(child, clock.today())
    return tuple(
        ShownHandover(
            row, is_shown=True, words=reader.decrypt(row, "words_encrypted", about=[child])
        )
        if is_shown or row.settled_at is None
        else ShownHandover(row, is_shown=False)
        for row in queries.list_handovers(child)
    )
