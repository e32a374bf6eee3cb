"""Work on many lines, in several units of work."""

from collections.abc import Iterator

from fundapp.access.actors import Actor
from fundapp.banking.matching.operations import CertainResult, certain, match_certain
from fundapp.db import unit_of_work


def match_all_certain(statement_public_id: str, *, actor: Actor) -> CertainResult:
    """Match every line of a statement that certainly belongs to something; the sum of
    `match_in_steps`.
    """
    *_, last = match_in_steps(statement_public_id, actor=actor)
    return last


def match_in_steps(
    statement_public_id: str, *, actor: Actor, after_row: int = 0
) -> Iterator[CertainResult]:
    """What is done so far, after each step; ``next_row`` is None in the last one, else where
    another call may go on.

    Each step is a unit of work of its own, so that others do not wait for all of them; call it
    outside of one. Steps that were done before an error stay done. Raises ForbiddenError and
    NotFoundError.
    """
    done = CertainResult(matched=0, refused=(), next_row=after_row)
    while (row := done.next_row) is not None:
        step = unit_of_work(
            match_certain, statement_public_id, actor=actor, after_row=row, step=certain.STEP
        )
        done = CertainResult(
            done.matched + step.matched,
            done.refused + step.refused,
            step.next_row,
            done.seen + step.seen,
        )
        yield done
