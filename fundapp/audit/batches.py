"""The checks of the night, outside of any unit of work: they begin after the last mark."""

from collections.abc import Sequence

from fundapp.access.actors import Actor, require
from fundapp.audit.checks import CheckResult, CheckState, Run, run_checks
from fundapp.audit.operations import set_mark
from fundapp.audit.policy import may_mark
from fundapp.db import unit_of_work


def check_new_entries(*, actor: Actor) -> list[CheckResult]:
    """Run every check, those of single entries for entries after the last mark, and set the next
    mark when none is red; gives those that are not green. Raises ForbiddenError.
    """
    require(may_mark(actor))
    run = Run(is_full=False)
    results = list(run_checks(run))
    mark_proved(run, results, actor=actor)
    return [result for result in results if not result.is_green]


def mark_proved(run: Run, results: Sequence[CheckResult], *, actor: Actor) -> None:
    """Set a mark at what a run proved, unless something is red. Raises ForbiddenError."""
    is_red = any(result.state is CheckState.RED for result in results)
    if run.proved is not None and not is_red:
        unit_of_work(set_mark, run.proved, actor=actor)
