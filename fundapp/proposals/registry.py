"""The kinds of proposals, each registered by the package that owns what it changes."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import ClassVar

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.errors import NotFoundError
from fundapp.proposals.models import Proposal, Values

#: A label and what it says, both in the language of the page.
Row = tuple[str, str]


class ProposalKind(ABC):
    """One kind of change. ``title`` is a message id.

    What a subject is called, and the rows of values, a kind writes once: in `subject_labels` and
    `rows_of`, for all that a page lists, where they are read from the database; in `subject_label`
    and `rows` where they are not. The other one of each pair follows.
    """

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

    def subject_label(self, subject: str) -> str:
        """What is changed, as people call it. Raises NotFoundError for a subject that there is
        not.
        """
        labels = self.subject_labels([subject])
        if subject not in labels:
            raise NotFoundError
        return labels[subject]

    def subject_labels(self, subjects: Collection[str]) -> Mapping[str, str]:
        """What is changed by several proposals; a subject that there is not is left out."""
        return {subject: self.subject_label(subject) for subject in subjects}

    def trail_labels(self, subjects: Collection[str]) -> Mapping[str, str]:
        """The same, as the trail says it."""
        return self.subject_labels(subjects)

    def rows(self, values: Values) -> list[Row]:
        """The values, as people read them."""
        return self.rows_of([values])[0]

    def rows_of(self, many: Sequence[Values]) -> list[list[Row]]:
        """The rows of several values."""
        return [self.rows(values) for values in many]

    def links(self, values: Values) -> list[Row]:
        """Papers that the values name: what each is called, and its address."""
        return []


_KINDS: dict[str, ProposalKind] = {}


def register(*kinds: ProposalKind) -> None:
    """Let these kinds be proposed; done once more it changes nothing."""
    _KINDS.update({kind.name: kind for kind in kinds})


def find_kind(name: str) -> ProposalKind:
    """The kind of that name. Raises NotFoundError."""
    if name not in _KINDS:
        raise NotFoundError
    return _KINDS[name]


def by_kind(proposals: Iterable[Proposal]) -> list[tuple[ProposalKind, list[Proposal]]]:
    """The proposals of each kind together: it is asked once for all of them."""
    grouped: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        grouped[proposal.kind].append(proposal)
    return [(find_kind(name), each) for name, each in grouped.items()]


def compare(before: list[Row], after: list[Row]) -> list[tuple[str, str, str]]:
    """Label, before and after of each value; empty where there was or will be none."""
    was, will_be = dict(before), dict(after)
    return [(label, was.get(label, ""), will_be.get(label, "")) for label in was | will_be]


def list_kinds() -> list[ProposalKind]:
    """Every kind."""
    return list(_KINDS.values())
