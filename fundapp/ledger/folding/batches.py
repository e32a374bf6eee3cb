"""Folding in bounded units of work: by the worker, and at the end of loading older books."""

import threading
from collections.abc import Callable
from typing import Protocol

from fundapp.access.actors import Actor
from fundapp.db import unit_of_work


class Fold(Protocol):
    """The operation that folds the next sealed entries into some sums; gives how many."""

    def __call__(self, *, is_alone: bool = False, actor: Actor) -> int:
        """Fold them."""


def fold_waiting(stop: threading.Event, fold: Fold, *, actor: Actor) -> None:
    """Fold the sealed entries that are not folded yet, until ``stop`` is set."""
    while not stop.is_set() and unit_of_work(fold, actor=actor):
        pass


def fold_all(
    fold: Fold,
    *,
    forget: Callable[..., None] | None = None,
    is_alone: bool = False,
    actor: Actor,
) -> int:
    """Fold all sealed entries, or make the sums anew from the first after the operation ``forget``;
    gives how many.
    """
    if forget is not None:
        unit_of_work(forget, actor=actor)
    folded = 0
    while some := unit_of_work(fold, is_alone=is_alone, actor=actor):
        folded += some
    return folded
