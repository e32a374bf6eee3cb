"""The workspace's first page, and the lists behind its numbers."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.banking.models import LineStatus
from fundapp.identity.nav import Door, opens
from fundapp.paging import int_key, page_of
from fundapp.today import queries
from fundapp.today.queries import REQUEST_TASKS, Task
from fundapp.web.lazy import lazy as _l

blueprint = Blueprint("today", __name__)

PAGE = 50

#: What waits, in words, and how pressing it is.
TASKS: dict[Task, tuple[str, str]] = {
    Task.DECIDE: (_l("Requests to decide"), "warn"),
    Task.PAY: (_l("Approved requests to pay"), "warn"),
    Task.CHANGE: (_l("Requests returned for a change"), "warn"),
    Task.PROVE: (_l("Paid, without proof of receipt"), "warn"),
    Task.PROBLEM: (_l("Paid, with a problem reported"), "bad"),
    Task.MATCH: (_l("Bank lines to match"), "warn"),
    Task.HELD: (_l("Bank lines on hold"), "info"),
    Task.OVERDUE: (_l("Instalments past their day"), "info"),
    Task.MAIL: (_l("Messages the mail server did not take"), "bad"),
}

LINE_TASKS = {Task.MATCH: LineStatus.UNMATCHED, Task.HELD: LineStatus.HELD}

#: What people do most; each is shown to those who may.
SHORTCUTS = (
    Door("/payments/new", _l("Record money received")),
    Door("/bank/statements/new", _l("Import a bank statement")),
    Door("/children/new", _l("Register a child")),
    Door("/disbursements/new", _l("Ask for help")),
    Door("/audit/journal", _l("Open the journal")),
    Door("/audit/checks", _l("Run the checks")),
    Door("/users/new", _l("Add a person")),
)


@blueprint.get("/today")
@requires(Permission.WORKSPACE_OPEN)
def index() -> str:
    """Everything that waits on the signed-in person."""
    viewer = current_actor()
    day = clock.today()
    waiting = queries.list_waiting(viewer, day)
    return render_template(
        "today/index.html",
        day=day,
        stats_items=[_stat(task, count) for task, count in waiting.items()],
        in_all=sum(waiting.values()),
        shortcuts=[door for door in SHORTCUTS if opens(door)],
        giving=queries.find_own_giving(viewer),
    )


@blueprint.get("/today/overdue")
@requires(Permission.PAYMENT_READ)
def overdue() -> str:
    """Instalments past their day."""
    day = clock.today()
    rows = queries.list_overdue(day, after=_key(), limit=PAGE + 1)
    page = page_of(rows, PAGE, lambda one: f"{one.due_on.isoformat()}.{one.id}")
    return render_template("today/overdue.html", page=page, day=day)


@blueprint.get("/my-giving")
@requires(Permission.WORKSPACE_OPEN)
def my_giving() -> str:
    """One's own pledges and receipts."""
    return render_template("today/my_giving.html", giving=queries.find_own_giving(current_actor()))


def _stat(task: Task, count: int) -> dict[str, Any]:
    """A number as the page draws it; what is zero is calm."""
    label, tone = TASKS[task]
    return {
        "label": label,
        "value": f"{count:,}",
        "url": _list_of(task),
        "tone": tone if count else "plain",
    }


def _list_of(task: Task) -> str:
    """The list with exactly as many rows as the number says."""
    if task in REQUEST_TASKS:
        return url_for("disbursements.index", status=REQUEST_TASKS[task][0])
    if task in LINE_TASKS:
        return url_for("banking.lines", status=LINE_TASKS[task])
    return (
        url_for("today.overdue")
        if task is Task.OVERDUE
        else url_for("mail.outbox", state="failing")
    )


def _key() -> tuple[date, int] | None:
    """The day and row id in ``?after=``; anything else means the first page."""
    day, _dot, number = request.args.get("after", "").partition(".")
    row_id = int_key(number)
    try:
        return (date.fromisoformat(day), row_id) if row_id else None
    except ValueError:
        return None
