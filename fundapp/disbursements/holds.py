"""What holds an approved request, so that it is not paid or cancelled by itself.

Batches of payouts are in a package above this one, which puts a function into the application's
extensions under `HOLDS`; it gives the error that says what holds the request, or None.
"""

from collections.abc import Callable

from flask import current_app

from fundapp.disbursements.models import DisbursementRequest
from fundapp.errors import DomainError

#: Where the application keeps the functions.
HOLDS = "holds_of_requests"
Hold = Callable[[DisbursementRequest], DomainError | None]


def require_no_hold(request: DisbursementRequest) -> None:
    """Raise what holds the request."""
    holds: list[Hold] = current_app.extensions.get(HOLDS, [])
    for error in filter(None, (find(request) for find in holds)):
        raise error
