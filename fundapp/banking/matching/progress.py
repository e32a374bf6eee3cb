"""The page of a long matching: it grows by a line for each step, and needs no script."""

import time
from collections.abc import Iterator
from typing import Any

from flask import stream_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.current import current_actor
from fundapp.banking.matching.operations import CertainResult
from fundapp.banking.models import Statement
from fundapp.banking.policy import may_match_lines
from fundapp.errors import DomainError
from fundapp.web.locale import translated

#: Seconds after which the page ends and offers to go on, before servers and proxies give up on it.
LONGEST = 25
#: How many refused lines are told by name.
_MOST_REFUSALS = 10


def progress_page(statement: Statement, waiting: int, results: Iterator[CertainResult]) -> Response:
    """The page, sent while ``results`` are made; ``waiting`` is how many lines there are."""
    values = {
        "statement": statement,
        "waiting": waiting,
        "steps": _steps(results),
        "may_match": may_match_lines(current_actor()),
    }
    pieces = stream_template("banking/matching.html", **values)
    response = Response(pieces, content_type="text/html; charset=utf-8")
    response.headers["X-Accel-Buffering"] = "no"  # a proxy must not wait for the end of the page
    return response


def refusal_texts(result: CertainResult) -> list[str]:
    """What was refused, by row, in the language in use."""
    return [
        _("Row %(row)s: %(sentence)s", row=line.row_number, sentence=translated(line.error))
        for line in result.refused[:_MOST_REFUSALS]
    ]


def _steps(results: Iterator[CertainResult]) -> Iterator[dict[str, Any]]:
    """What the page shows of each step. What goes wrong has to be told on the page: its beginning
    has been sent.
    """
    is_over, started = False, time.monotonic()
    while not is_over:
        try:
            result = next(results)
        except DomainError as error:
            yield {"problem": translated(error)}
            return
        is_over = result.next_row is None or time.monotonic() - started > LONGEST
        yield {"result": result, "is_last": is_over, "refusals": refusal_texts(result)}
