"""The page of checks."""

from flask import render_template

from fundapp import clock
from fundapp.audit.checks import run_checks
from fundapp.audit.views.doors import blueprint
from fundapp.identity.access import requires
from fundapp.identity.permissions import Permission


@blueprint.get("/checks")
@requires(Permission.JOURNAL_READ)
def checks() -> str:
    """Every named check, run now."""
    results = list(run_checks())
    return render_template("audit/checks.html", results=results, at=clock.now())
