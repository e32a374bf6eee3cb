"""Who dealt with a line while another officer looked at it, and how."""

from fundapp.banking.models import StatementLine
from fundapp.identity.actor_names import name_actors
from fundapp.trail.queries import list_events
from fundapp.web.filters import moment
from fundapp.web.lazy import lazy as _l

#: By the action of the trail; whoever reads it wanted to deal with the line as well.
_TEXTS = {
    "banking:line:match": _l(
        "%(who)s matched this line meanwhile (%(when)s). Nothing of yours was booked."
    ),
    "banking:line:unmatch": _l(
        "%(who)s undid the match of this line meanwhile (%(when)s). Nothing of yours was booked."
    ),
    "banking:line:hold": _l(
        "%(who)s put this line on hold meanwhile (%(when)s). Nothing of yours was booked."
    ),
    "banking:line:ignore": _l(
        "%(who)s ignored this line meanwhile (%(when)s). Nothing of yours was booked."
    ),
    "banking:line:release": _l(
        "%(who)s took this line up again meanwhile (%(when)s). Nothing of yours was booked."
    ),
}


def taken_text(line: StatementLine) -> str:
    """Who did what to the line last, in one sentence; empty where the trail does not say."""
    for event in list_events("statement_line", line.public_id, limit=1):
        if event.action in _TEXTS:
            who = name_actors([event.actor]).get(event.actor, event.actor)
            return str(_TEXTS[event.action]) % {"who": who, "when": moment(event.at)}
    return ""
