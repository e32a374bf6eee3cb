"""The page of checks."""

from flask import render_template

from fundapp import clock
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.audit.checks import run_checks
from fundapp.audit.views.blueprint import blueprint


@blueprint.get("/checks")
@requires(Permission.JOURNAL_READ)
def checks() -> str:
    """Every named check, run now."""
    results = list(run_checks())
    return render_template("audit/checks.html", results=results, at=clock.now())
