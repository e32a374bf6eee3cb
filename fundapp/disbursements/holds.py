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
    for error in _errors(request, PAYMENT_HOLDS):
        raise error


def require_no_hold(request: DisbursementRequest) -> None:
    """Raise what holds the request."""
    for error in _errors(request, HOLDS):
        raise error


def list_holds(request: DisbursementRequest) -> list[DomainError]:
    """What holds the request."""
    return _errors(request, HOLDS)


def list_payment_holds(request: DisbursementRequest) -> list[DomainError]:
    """What else keeps it from being paid today."""
    return _errors(request, PAYMENT_HOLDS)


def _errors(request: DisbursementRequest, where: str) -> list[DomainError]:
    holds: list[Hold] = current_app.extensions.get(where, [])
    return [error for find in holds if (error := find(request)) is not None]
