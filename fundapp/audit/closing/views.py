"""The pages of months: which are closed, what blocks the closing of one, and the rows of it."""

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.audit.closing.lists import get_list
from fundapp.audit.closing.rows import MOST_ROWS
from fundapp.audit.naming import page_url
from fundapp.audit.views.blueprint import blueprint
from fundapp.identity.actor_names import name_actors
from fundapp.ledger import queries
from fundapp.ledger.closing import find_items
from fundapp.ledger.kinds import PERIOD_CLOSING, PERIOD_REOPENING
from fundapp.ledger.policy import may_propose_books
from fundapp.paging import int_key
from fundapp.proposals.queries import find_open_proposal
from fundapp.thai.calendar import fiscal_year_be


@blueprint.get("/periods")
@requires(Permission.JOURNAL_READ)
def periods() -> str:
    """Twelve months that are over, up to the end of a fiscal year, and when some were opened
    again.
    """
    this_year = fiscal_year_be(clock.today())
    year = int_key(request.args.get("year")) or this_year
    rows = queries.list_periods(year)
    reopenings = queries.list_reopenings(rows[-1].starts_on, rows[0].ends_on) if rows else []
    people = {row.closed_by for row in rows if row.closed_by}
    return render_template(
        "audit/closing/periods.html",
        rows=rows,
        year=year,
        this_year=this_year,
        reopenings=reopenings,
        names=name_actors(people),
    )


@blueprint.get("/periods/<starts_on>")
@requires(Permission.JOURNAL_READ)
def period(starts_on: str) -> str:
    """A month: what has to be dealt with before it is closed, or what happened since it was."""
    found = queries.get_period(starts_on)
    is_over = found.ends_on < clock.today()
    items = find_items(found) if found.is_open else []
    kind = PERIOD_CLOSING if found.is_open else PERIOD_REOPENING
    return render_template(
        "audit/closing/period.html",
        period=found,
        items=[(item, _(item.title), _(item.what_to_do)) for item in items],
        stops=[item for item in items if item.stops],
        is_over=is_over,
        reopenings=queries.list_reopenings(found.starts_on, found.starts_on),
        corrections=queries.list_corrections(found.starts_on, found.ends_on),
        waiting=find_open_proposal(kind, found.starts_on.isoformat()),
        may_propose=may_propose_books(current_actor()),
        names=name_actors({found.closed_by} if found.closed_by else set()),
    )


@blueprint.get("/periods/<starts_on>/<name>")
@requires(Permission.JOURNAL_READ)
def period_list(starts_on: str, name: str) -> str:
    """Everything that is left of one item, each with the page that shows it."""
    found, item = queries.get_period(starts_on), get_list(name)
    if item is None:
        abort(404)
    actor = current_actor()
    rows = [
        (row, page_url(row.endpoint, actor, row.values) if row.endpoint else None)
        for row in item.rows(found)
    ]
    return render_template(
        "audit/closing/list.html",
        period=found,
        item=item,
        title=_(item.title),
        what_to_do=_(item.what_to_do),
        rows=rows,
        most=MOST_ROWS,
        back_url=url_for("audit.period", starts_on=starts_on),
    )
