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


#: The same for what keeps it from being paid alone: it can be cancelled all the same.
PAYMENT_HOLDS = "holds_of_payments"


def require_no_payment_hold(request: DisbursementRequest) -> None:
    """Raise what keeps the request from being paid today."""
    holds: list[Hold] = current_app.extensions.get(PAYMENT_HOLDS, [])
    for error in filter(None, (find(request) for find in holds)):
        raise error


def require_no_hold(request: DisbursementRequest) -> None:
    """Raise what holds the request."""
    holds: list[Hold] = current_app.extensions.get(HOLDS, [])
    for error in filter(None, (find(request) for find in holds)):
        raise error
