"""The page of checks."""

from flask import render_template

from fundapp import clock
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.audit.checks import run_checks
from fundapp.audit.checks.base import Violation
from fundapp.audit.views.blueprint import blueprint
from fundapp.web.locale import with_values


@blueprint.get("/checks")
@requires(Permission.JOURNAL_READ)
def checks() -> str:
    """Every named check, run now."""
    results = list(run_checks())
    return render_template(
        "audit/checks.html", results=results, at=clock.now(), problem_text=_problem
    )


def _problem(violation: Violation) -> str:
    """What is wrong with a row; with values in it in the reader's language."""
    if not violation.params:
        return violation.problem
    return with_values(violation.problem, violation.params)
