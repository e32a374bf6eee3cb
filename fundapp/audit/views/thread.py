"""Where the money of an entry went, or came from."""

from flask import render_template, request

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.audit import queries
from fundapp.audit.thread import open_threads
from fundapp.audit.views.blueprint import blueprint
from fundapp.ledger.drafts import entry_id_of
from fundapp.places.queries import list_districts


@blueprint.get("/thread/<number>")
@requires(Permission.JOURNAL_READ)
def thread(number: str) -> str:
    """A gift with what it became, or help with the gifts that it was made of."""
    after = entry_id_of(request.args.get("after", ""))
    return render_template(
        "audit/thread.html",
        number=number,
        pages=open_threads(number, after=-1 if after is None else after, viewer=current_actor()),
        is_first=after is None,
        funds=queries.funds_by_code(),
        districts={district.code: district for district in list_districts()},
    )
