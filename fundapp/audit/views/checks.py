"""The page of checks: what the newest runs came to, and the button that asks for another."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.audit import queries
from fundapp.audit.checks import CHECKS
from fundapp.audit.checks.base import Violation
from fundapp.audit.models import StoredResult
from fundapp.audit.operations import order_checks
from fundapp.audit.views.blueprint import blueprint
from fundapp.identity.actor_names import name_actors
from fundapp.identity.queries import names_of
from fundapp.paging import int_key
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit
from fundapp.web.locale import with_values

#: After so long without a worker that begins, the page says that none may be running.
_BEGUN_WITHIN = timedelta(minutes=2)


@blueprint.get("/checks")
@requires(Permission.JOURNAL_READ)
def checks() -> str:
    """The newest run, or the one that is asked for."""
    return _page(ButtonForm())


@blueprint.post("/checks")
@requires(Permission.CHECK_ORDER)
def run_again() -> Answer:
    """Ask the worker for a run of all checks."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: order_checks(actor=actor),
        done=lambda order: redirect_with(
            _("The checks will run soon. This page shows what they came to."),
            url_for("audit.checks"),
        ),
        page=lambda: _page(form),
    )


def _page(form: ButtonForm) -> str:
    wanted = request.args.get("run")
    shown, now = queries.find_run(int_key(wanted)), clock.now()
    if shown is None and wanted:
        abort(404)
    results = queries.list_results(shown.id) if shown else []
    runs, order = queries.list_runs(), queries.newest_order()
    if (
        order is not None
        and order.ended_at is not None
        and any(row.run.order_id == order.id for row in runs)
    ):
        order = None
    return render_template(
        "audit/checks.html",
        form=form,
        shown=shown,
        results=results,
        violations={result.name: _violations(result) for result in results},
        titles={check.name: _(check.title) for check in CHECKS},
        people=_people(results),
        runs=runs,
        order=order,
        is_late=order is not None
        and order.begun_at is None
        and order.asked_at < now - _BEGUN_WITHIN,
        state=queries.runs_state(now),
        is_proved=shown is None or queries.is_run_proved(shown, results),
        names=name_actors(
            {row.run.asked_by for row in runs} | ({order.asked_by} if order else set())
        ),
        check_count=len(CHECKS),
        problem_text=_problem,
    )


def _violations(result: StoredResult) -> list[Violation]:
    return [
        Violation(ref, problem, {name: _value(value) for name, value in values.items()})
        for ref, problem, values in result.violations
    ]


def _value(value: object) -> object:
    return date.fromisoformat(value["day"]) if isinstance(value, dict) else value


def _people(results: Sequence[StoredResult]) -> dict[str, str]:
    """Names of the people whom results name by their public id."""
    return names_of(str(ref) for result in results for ref, _problem, _values in result.violations)


def _problem(violation: Violation) -> str:
    """What is wrong with a row; with values in it in the reader's language."""
    if not violation.params:
        return violation.problem
    return with_values(violation.problem, violation.params)
