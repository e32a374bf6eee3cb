"""Work on many lines, in several units of work."""

from fundapp.access.actors import Actor
from fundapp.banking.matching.operations import CertainResult, match_certain
from fundapp.db import unit_of_work


def match_all_certain(statement_public_id: str, *, actor: Actor) -> CertainResult:
    """Match every line of a statement whose text names exactly one thing, a step at a time.

    Each step is a unit of work of its own, so that others do not wait for all of them; call it
    outside of one. Steps that were done before an error stay done. Raises ForbiddenError and
    NotFoundError.
    """
    steps = [unit_of_work(match_certain, statement_public_id, actor=actor)]
    while (row := steps[-1].next_row) is not None:
        steps.append(unit_of_work(match_certain, statement_public_id, actor=actor, after_row=row))
    refused = tuple(line for step in steps for line in step.refused)
    return CertainResult(sum(step.matched for step in steps), refused, next_row=None)
