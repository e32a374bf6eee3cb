"""The kinds of proposals, each registered by the package that owns what it changes."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.errors import NotFoundError
from fundapp.proposals.models import Proposal, Values

#: A label and what it says, both in the language of the page.
Row = tuple[str, str]


class ProposalKind(ABC):
    """One kind of change. ``title`` is a message id."""

    name: ClassVar[str]
    title: ClassVar[str]
    #: Who may propose it, and who may confirm it.
    propose: ClassVar[Permission]
    confirm: ClassVar[Permission]
    #: What the operation that carries it out asks for. No person holds it.
    applies_with: ClassVar[Permission]

    @abstractmethod
    def read(self, subject: str) -> Values:
        """What is so now. Raises NotFoundError for a subject that there is not."""

    @abstractmethod
    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """Raise the DomainError for values that may not be, or not by ``actor``: asked of whoever
        proposes and again of whoever confirms.
        """

    @abstractmethod
    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Carry it out; ``actor`` is who confirmed, with ``applies_with``."""

    @abstractmethod
    def subject_label(self, subject: str) -> str:
        """What is changed, as people call it."""

    @abstractmethod
    def rows(self, values: Values) -> list[Row]:
        """The values, as people read them."""

    def links(self, values: Values) -> list[Row]:
        """Papers that the values name: what each is called, and its address."""
        return []

    def subject_labels(self, subjects: Collection[str]) -> Mapping[str, str]:
        """What is changed by several proposals; a kind whose labels are read from the database asks
        once for all.
        """
        return {subject: self.subject_label(subject) for subject in subjects}

    def rows_of(self, many: Sequence[Values]) -> list[list[Row]]:
        """The rows of several values; a kind whose rows need the database asks once for all."""
        return [self.rows(values) for values in many]


_KINDS: dict[str, ProposalKind] = {}


def register(*kinds: ProposalKind) -> None:
    """Let these kinds be proposed; done once more it changes nothing."""
    _KINDS.update({kind.name: kind for kind in kinds})


def find_kind(name: str) -> ProposalKind:
    """The kind of that name. Raises NotFoundError."""
    if name not in _KINDS:
        raise NotFoundError
    return _KINDS[name]


def compare(before: list[Row], after: list[Row]) -> list[tuple[str, str, str]]:
    """Label, before and after of each value; empty where there was or will be none."""
    was, will_be = dict(before), dict(after)
    return [(label, was.get(label, ""), will_be.get(label, "")) for label in was | will_be]


def list_kinds() -> list[ProposalKind]:
    """Every kind."""
    return list(_KINDS.values())
