"""Folding in bounded units of work: by the worker, and at the end of loading older books."""

import threading

from fundapp.access.actors import Actor
from fundapp.db import unit_of_work
from fundapp.disbursements.help_sums.operations import fold_help, forget_help


def fold_waiting_help(stop: threading.Event, *, actor: Actor) -> None:
    """Fold the sealed entries that are not folded yet, until ``stop`` is set."""
    while not stop.is_set() and unit_of_work(fold_help, actor=actor):
        pass


def fold_all_help(*, is_anew: bool = False, is_alone: bool = False, actor: Actor) -> int:
    """Fold all sealed entries, or make the sums anew from the first; gives how many."""
    if is_anew:
        unit_of_work(forget_help, actor=actor)
    folded = 0
    while some := unit_of_work(fold_help, is_alone=is_alone, actor=actor):
        folded += some
    return folded
